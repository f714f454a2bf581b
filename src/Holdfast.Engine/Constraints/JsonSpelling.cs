using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>The one spelling of constants and keys: no space, only the escapes that JSON demands, and those for what the vocabulary cannot write.</summary>
internal static class JsonSpelling
{
    /// <summary>Without one of these some value could not be ended, whatever the schema.</summary>
    public const string Needed = "\"\\{}[]:,-.0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Throws <see cref="SchemaFault"/> where fixed text holds what has no token and no escape.</summary>
    public static void MustWrite(string text, WritableText writable)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!writable.Holds(rune))
            {
                throw new SchemaFault($"this model's vocabulary has no token for '{rune}', which {text} needs");
            }
        }
    }

    public static string Of(JsonElement value, WritableText writable) => value.ValueKind switch
    {
        JsonValueKind.String => Quoted(value.GetString()!, writable),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(v => Of(v, writable)))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(m => $"{Quoted(m.Name, writable)}:{Of(m.Value, writable)}"))}}}",
        _ => value.GetRawText(),
    };

    public static string Quoted(string text, WritableText writable)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                _ when rune.Value < ' ' || !writable.Holds(rune) => AppendEscaped(quoted, rune),
                _ => quoted.Append(rune),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static StringBuilder AppendEscaped(StringBuilder quoted, Rune rune)
    {
        foreach (var unit in rune.ToString())
        {
            quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return quoted;
    }
}
