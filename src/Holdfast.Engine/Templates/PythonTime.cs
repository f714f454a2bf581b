using System.Globalization;

namespace Holdfast.Engine.Templates;

/// <summary>A time as Python's strftime writes it, in the C locale.</summary>
internal static class PythonTime
{
    /// <summary>What stands for a part has the origin of its '%', and a letter its own: a request may have brought the format.</summary>
    public static SpanString Of(DateTimeOffset now, SpanString format, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var text = format.Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 1 == text.Length)
            {
                built.Append(format, i, i + 1);
                continue;
            }

            var code = CodeAt(text, i + 1);
            var part = Part(now, code[^1]) ?? throw new RenderFault(FaultOf(code));
            built.Append(code.Length == 1 ? part : part.TrimStart('0') is { Length: > 0 } unpadded ? unpadded : "0", format.IsTemplateAt(i));
            i += code.Length;
        }

        return built.ToSpanString();
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
