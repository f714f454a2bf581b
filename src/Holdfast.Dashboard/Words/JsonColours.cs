namespace Holdfast.Dashboard.Words;

/// <summary>
/// Tells names from strings in a body without parsing it: the text stays the bytes that went over the wire, cut or broken JSON
/// included. One pass, no recursion.
/// </summary>
public static class JsonColours
{
    public static IEnumerable<JsonRun> Split(string text)
    {
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                continue;
            }

            var end = StringEnd(text, i);
            if (i > from)
            {
                yield return new JsonRun(text[from..i], "");
            }

            yield return new JsonRun(text[i..end], IsName(text, end) ? "k" : "v");
            from = end;
            i = end - 1;
        }

        if (from < text.Length)
        {
            yield return new JsonRun(text[from..], "");
        }
    }

    /// <summary>One past the closing quote, or the end of the text.</summary>
    private static int StringEnd(string text, int quote)
    {
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static bool IsName(string text, int end)
    {
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end < text.Length && text[end] == ':';
    }
}
