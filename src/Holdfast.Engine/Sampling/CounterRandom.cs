namespace Holdfast.Engine.Sampling;

/// <summary>
/// A random number that depends on nothing but seed, choice and position: preempting and recomputing a sequence, or what runs beside
/// it, changes no draw.
/// </summary>
internal static class CounterRandom
{
    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public static double Uniform(long seed, int choice, int position)
    {
        var mixed = Mix(Mix(Mix((ulong)seed + 0x9e3779b97f4a7c15) + (uint)choice + 0x632be59bd9b4e019) + (uint)position);
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The finaliser of SplitMix64 (public domain).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
