using System.Globalization;

namespace Holdfast.Configuration;

/// <summary>Turns the text of one setting into a value and back: `64 MiB`, `20 s`, `0.9`, `true`.</summary>
internal static class ValueText
{
    private static readonly (string Suffix, long Factor)[] ByteUnits =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ];

    private static readonly (string Suffix, double Seconds)[] TimeUnits =
    [
        ("us", 1e-6), ("ms", 1e-3), ("min", 60), ("s", 1), ("h", 3600), ("d", 86400),
    ];

    /// <summary>Parses <paramref name="text"/> as <paramref name="type"/>; on failure says what would be right.</summary>
    public static bool TryParse(Type type, string text, out object? value, out string expected)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        text = text.Trim();
        value = null;
        expected = Expected(type);
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = text.ToLowerInvariant() switch { "true" or "yes" or "on" => true, "false" or "no" or "off" => false, _ => null };
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            // Boxed as the property's own type: reflection does not widen.
            var whole = ParseWhole(text);
            value = type == typeof(long) ? (object?)whole : whole is >= int.MinValue and <= int.MaxValue ? (int)whole.Value : null;
        }
        else if (type == typeof(double))
        {
            value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = ParseTime(text);
        }
        else if (type == typeof(Uri))
        {
            value = Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null;
        }
        else if (type.IsEnum)
        {
            // Names only: Enum.TryParse would take any number.
            var name = Enum.GetNames(type).FirstOrDefault(name => string.Equals(name, text.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
            value = name is null ? null : Enum.Parse(type, name);
        }

        return value is not null;
    }

    /// <summary>Parses the value of a setting that counts MiB: a plain number of them, or a size with its unit.</summary>
    public static bool TryParseMiB(Type type, string text, out object? value)
    {
        if (!ByteUnits.Any(unit => text.TrimEnd().EndsWith(unit.Suffix, StringComparison.Ordinal)))
        {
            return TryParse(type, text, out value, out _);
        }

        value = null;
        return ParseWhole(text.Trim()) is { } bytes && bytes % (1 << 20) == 0 && TryParse(type, (bytes >> 20).ToString(CultureInfo.InvariantCulture), out value, out _);
    }

    public static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double)
            || type == typeof(TimeSpan) || type == typeof(Uri) || type.IsEnum;
    }

    /// <summary>The value as it would be written in the file.</summary>
    public static string Format(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan time => FormatTime(time),
        double number => number.ToString(CultureInfo.InvariantCulture),
        Enum name => FormatEnum(name),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number, or a size such as 64 MiB",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(TimeSpan) => "a time such as 500 ms, 20 s, 5 min",
            _ when type == typeof(Uri) => "an absolute address such as http://127.0.0.1:8000",
            _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(ToCamel)),
            _ => "a text",
        };
    }

    public static string ToCamel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    private static string FormatEnum(Enum value) => ToCamel(value.ToString());

    private static long? ParseWhole(string text)
    {
        var factor = 1L;
        foreach (var (suffix, unit) in ByteUnits)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                factor = unit;
                text = text[..^suffix.Length].TrimEnd();
                break;
            }
        }

        text = text.Replace("_", "", StringComparison.Ordinal);
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        number *= factor;
        return number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;
    }

    private static TimeSpan? ParseTime(string text)
    {
        foreach (var (suffix, seconds) in TimeUnits)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length].TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and < 1e9)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return null;
    }

    private static string FormatTime(TimeSpan time)
    {
        var (number, unit) = time.TotalSeconds switch
        {
            >= 60 when time.Ticks % TimeSpan.TicksPerMinute == 0 => (time.TotalMinutes, "min"),
            >= 1 or 0 => (time.TotalSeconds, "s"),
            >= 1e-3 => (time.TotalMilliseconds, "ms"),
            _ => (time.TotalMicroseconds, "us"),
        };
        return number.ToString(CultureInfo.InvariantCulture) + " " + unit;
    }
}
