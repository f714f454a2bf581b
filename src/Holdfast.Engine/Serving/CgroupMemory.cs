using System.Globalization;

namespace Holdfast.Engine.Serving;

/// <summary>
/// How much the control groups of this process leave it (Linux: <c>memory.max</c> of version 2, <c>memory.limit_in_bytes</c> of version 1, each
/// level up to the root). What a group has in files that nobody reads just now counts as free: the kernel takes it back first.
/// </summary>
internal static class CgroupMemory
{
    public const string Root = "/sys/fs/cgroup";
    public const string Memberships = "/proc/self/cgroup";

    /// <summary>Bytes; null where no group has a limit.</summary>
    /// <param name="root">Where the groups are mounted.</param>
    /// <param name="memberships">Lines such as <c>0::/system.slice/holdfast</c>.</param>
    public static long? Free(string root, IReadOnlyList<string> memberships)
    {
        long? least = null;
        foreach (var line in memberships)
        {
            if (line.Split(':', 3) is not [_, var controllers, var path] || (controllers.Length > 0 && !controllers.Split(',').Contains("memory")))
            {
                continue;
            }

            var mount = controllers.Length > 0 ? Path.Combine(root, "memory") : root;
            foreach (var group in Upwards(mount, path))
            {
                least = Free(group) is { } free && !(least <= free) ? free : least;
            }
        }

        return least;
    }

    /// <summary>A process that sees its own group as the root has a path that is not there: then the mount itself is the group.</summary>
    private static IEnumerable<string> Upwards(string mount, string path)
    {
        for (var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries); parts.Length > 0; parts = parts[..^1])
        {
            yield return Path.Combine([mount, .. parts]);
        }

        yield return mount;
    }

    private static long? Free(string group)
    {
        var (max, used) = Number(group, "memory.max") is { } limit ? (limit, Number(group, "memory.current"))
            : Number(group, "memory.limit_in_bytes") is { } old ? (old, Number(group, "memory.usage_in_bytes"))
            : (0L, null);

        // Version 1 writes "no limit" as a number that no machine has.
        if (used is not { } taken || max >= long.MaxValue / 2)
        {
            return null;
        }

        var idle = Lines(group, "memory.stat").Select(l => l.Split(' ')).Where(p => p is ["inactive_file" or "total_inactive_file", _]).Select(p => long.TryParse(p[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0).DefaultIfEmpty().Max();
        return Math.Max(0, max - Math.Max(0, taken - idle));
    }

    private static long? Number(string group, string file) =>
        long.TryParse(Lines(group, file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string[] Lines(string group, string file)
    {
        try
        {
            var path = Path.Combine(group, file);
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
