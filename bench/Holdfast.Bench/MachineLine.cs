using System.Globalization;

namespace Holdfast.Bench;

/// <summary>What a reader needs to know beside a figure: machine, load, date.</summary>
internal static class MachineLine
{
    public static string Now()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").Select(l => l.Split(':', 2)).Where(l => l.Length == 2)
            .GroupBy(l => l[0].Trim(), l => l[1].Trim(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{Environment.ProcessorCount} x {cpu["model name"]} (family {cpu["cpu family"]}, model {cpu["model"]}), {Load()}, .NET {Environment.Version}, {date} UTC";
    }

    public static string Load() => "load " + string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
