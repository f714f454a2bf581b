using System.Numerics;

namespace Holdfast.Gateway.Options;

/// <summary>Says in the file's words that a number is out of its range.</summary>
internal static class Bounds
{
    public static void Check<T>(List<string> faults, string name, T value, T min, T max)
        where T : INumber<T>
    {
        if (value < min || value > max)
        {
            faults.Add($"{name} is {value}; it must lie in [{min}, {max}]");
        }
    }

    public static void Check(List<string> faults, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            faults.Add($"{name} is {value}; it must lie in [{min}, {max}]");
        }
    }
}
