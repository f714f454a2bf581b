using System.Globalization;

namespace Holdfast.Dashboard.Words;

/// <summary>Writes figures with their unit, the same in every culture.</summary>
public static class Units
{
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number that may be unknown: unknown is a dash, never 0.</summary>
    public static string NumberOrDash(long? value) => value is { } known ? Number(known) : "–";

    public static string Count(long value, string one, string many) => $"{Number(value)} {(value == 1 ? one : many)}";

    public static string Score(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>For widths and places inside a drawing.</summary>
    public static string Percent(double share) => (Math.Clamp(share, 0, 1) * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>For people: no decimals, and never 0 or 100 for what is not exactly that.</summary>
    public static string WholePercent(double share)
    {
        var rounded = Math.Round(share * 100);
        return (share, rounded) switch
        {
            ( > 0, 0) => "under 1 %",
            ( < 1, 100) => "over 99 %",
            _ => rounded.ToString("0", CultureInfo.InvariantCulture) + " %",
        };
    }

    public static string Duration(long microseconds) => microseconds switch
    {
        > 0 and < 10 => "under 0.01 ms",
        < 1_000 => (microseconds / 1e3).ToString("0.00", CultureInfo.InvariantCulture) + " ms",
        < 10_000 => (microseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        < 1_000_000 => (microseconds / 1e3).ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 60_000_000 => (microseconds / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " s",
        _ => Age(TimeSpan.FromMicroseconds(microseconds)),
    };

    public static string DurationOrDash(long? microseconds) => microseconds is { } known ? Duration(known) : "–";

    public static string MillisecondsOrDash(double? milliseconds) => milliseconds is { } known ? Duration((long)(known * 1e3)) : "–";

    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => Number(bytes) + " B",
        < 1L << 20 => Scaled(bytes, 1L << 10, "KiB"),
        < 1L << 30 => Scaled(bytes, 1L << 20, "MiB"),
        _ => Scaled(bytes, 1L << 30, "GiB"),
    };

    /// <summary>A span of time in its two largest units.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{age.Minutes} min {age.Seconds} s",
        { TotalHours: < 24 } => $"{age.Hours} h {age.Minutes} min",
        _ => $"{(int)age.TotalDays} d {age.Hours} h",
    };

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    private static string Scaled(long bytes, long unit, string name)
    {
        var value = (double)bytes / unit;
        return value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + name;
    }
}
