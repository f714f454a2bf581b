namespace Holdfast.Documents.Reading.Markdown;

/// <summary>
/// The lines between two <c>---</c> at the top of a Markdown file, as typed attributes: <c>key: value</c>, strings with or without quotes,
/// numbers, true and false, lists as one string with commas. Deeper YAML is not read.
/// </summary>
internal static class FrontMatter
{
    // A longer one is a table of data, not a head; the rule of dashes at the top may also just be a rule.
    private const int LinesMax = 200;

    /// <summary>Where the body begins; 0 without front matter.</summary>
    public static int Read(string text, AttributeSet attributes, out string? title)
    {
        title = null;
        int at = 0;
        if (!NextLine(text, ref at).SequenceEqual("---"))
        {
            return 0;
        }

        List<(string Key, string Value)> found = [];
        for (int i = 0; i < LinesMax && at < text.Length; i++)
        {
            ReadOnlySpan<char> line = NextLine(text, ref at);
            if (line is "---" or "...")
            {
                Take(found, attributes, out title);
                return at;
            }

            AddLine(line, found);
        }

        return 0;
    }

    private static void AddLine(ReadOnlySpan<char> line, List<(string Key, string Value)> found)
    {
        if (line.IsWhiteSpace() || line[0] == '#')
        {
            return;
        }

        ReadOnlySpan<char> item = line.TrimStart();
        if (item.StartsWith("- ") && found.Count > 0)
        {
            (string key, string value) = found[^1];
            string next = Unquote(item[2..].Trim());
            found[^1] = (key, value.Length == 0 ? next : string.Concat(value, ", ", next));
            return;
        }

        int colon = line.IndexOf(':');
        bool isKey = colon > 0 && !char.IsWhiteSpace(line[0]) && (colon + 1 == line.Length || line[colon + 1] is ' ' or '\t');
        if (isKey)
        {
            found.Add((line[..colon].Trim().ToString(), line[(colon + 1)..].Trim().ToString()));
        }
    }

    private static void Take(List<(string Key, string Value)> found, AttributeSet attributes, out string? title)
    {
        title = null;
        foreach ((string key, string value) in found)
        {
            if (key.Equals("title", StringComparison.OrdinalIgnoreCase))
            {
                title ??= Unquote(value);
            }
            else if (value is ['"' or '\'', ..])
            {
                attributes.Add(key, Unquote(value));
            }
            else if (value is ['[', .., ']'])
            {
                attributes.Add(key, string.Join(", ", value[1..^1].Split(',').Select(static v => Unquote(v.Trim())).Where(static v => v.Length > 0)));
            }
            else
            {
                attributes.AddTyped(key, value);
            }
        }
    }

    private static string Unquote(ReadOnlySpan<char> value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value.Length >= 2 && value[^1] == value[0] ? value[1..^1].ToString() : value.ToString();

    private static ReadOnlySpan<char> NextLine(string text, ref int at)
    {
        int found = text.IndexOf('\n', at);
        int end = found < 0 ? text.Length : found;
        ReadOnlySpan<char> line = text.AsSpan(at, end - at).TrimEnd();
        at = Math.Min(text.Length, end + 1);
        return line;
    }
}
