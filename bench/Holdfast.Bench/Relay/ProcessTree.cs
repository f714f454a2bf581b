using System.Globalization;

namespace Holdfast.Bench.Relay;

/// <summary>What a process and its children cost, from /proc.</summary>
internal static class ProcessTree
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double MicrosecondsPerTick = 10_000;

    /// <summary>User and system time of the tree so far.</summary>
    public static double CpuMicroseconds(int root) => Tree(root).Sum(static process =>
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
    });

    public static double ResidentMiB(int root) => Tree(root).Sum(static process =>
        File.ReadLines($"/proc/{process}/status").Where(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0));

    private static IEnumerable<int> Tree(int root)
    {
        yield return root;
        var children = File.ReadAllText($"/proc/{root}/task/{root}/children");
        foreach (var child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var process in Tree(int.Parse(child, CultureInfo.InvariantCulture)))
            {
                yield return process;
            }
        }
    }
}
