using System.Globalization;
using System.Text;

namespace Holdfast.Gateway.Metrics;

/// <summary>Writes labels as the Prometheus text format wants them: backslash, quote and line feed escaped.</summary>
internal static class LabelText
{
    private const int ValueLengthMax = 200;

    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var tag in tags)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            AppendName(text, tag.Key);
            text.Append("=\"");
            AppendValue(text, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }

        return text.ToString();
    }

    private static void AppendName(StringBuilder text, string name)
    {
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }
    }

    private static void AppendValue(StringBuilder text, string value)
    {
        foreach (var c in value.Length > ValueLengthMax ? value[..ValueLengthMax] : value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }
    }
}
