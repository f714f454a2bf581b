using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Templates;

/// <summary>A time as Python's strftime writes it, in the C locale.</summary>
internal static class PythonTime
{
    public static string Of(DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var code = CodeAt(format, i + 1);
            var part = Part(now, code[^1]) ?? throw new RenderFault(FaultOf(code));
            text.Append(code.Length == 1 ? part : part.TrimStart('0') is { Length: > 0 } unpadded ? unpadded : "0");
            i += code.Length;
        }

        return text.ToString();
    }

    /// <summary>The first part of a format that is not known, in words; null when all are.</summary>
    public static string? Fault(string format)
    {
        for (var i = format.IndexOf('%', StringComparison.Ordinal); i >= 0 && i + 1 < format.Length; i = format.IndexOf('%', i))
        {
            var code = CodeAt(format, i + 1);
            if (Part(DateTimeOffset.UnixEpoch, code[^1]) is null)
            {
                return FaultOf(code);
            }

            i += code.Length + 1;
            if (i >= format.Length)
            {
                return null;
            }
        }

        return null;
    }

    private static string FaultOf(string code) => $"strftime_now: '%{code}' is not supported";

    // "-" before a number leaves its zeros out.
    private static string CodeAt(string format, int place) =>
        format[place] == '-' && place + 1 < format.Length && "dmyHIMSj".Contains(format[place + 1]) ? format[place..(place + 2)] : format[place..(place + 1)];

    private static string? Part(DateTimeOffset now, char code)
    {
        var pattern = code switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'B' => "MMMM",
            'b' or 'h' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            'D' => "MM'/'dd'/'yy",
            'R' => "HH:mm",
            _ => null,
        };
        return code switch
        {
            '%' => "%",
            'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            _ => pattern is null ? null : now.ToString(pattern, CultureInfo.InvariantCulture),
        };
    }
}
