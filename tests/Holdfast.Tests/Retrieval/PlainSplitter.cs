using Holdfast.Abstractions.Reading;

namespace Holdfast.Tests.Retrieval;

/// <summary>An obvious cutter for tests: one passage for each paragraph; a line that starts with # is a heading.</summary>
internal static class PlainSplitter
{
    public static DocumentText Split(string title, string text, params (string Key, object Value)[] attributes)
    {
        var passages = new List<PassageSpan>();
        string? heading = null;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end;
            var part = text[start..end];
            if (part.StartsWith('#'))
            {
                heading = part.TrimStart('#', ' ');
            }
            else if (part.Trim().Length > 0)
            {
                passages.Add(new PassageSpan(start, part.Length, heading, null));
            }

            start = end + 2;
        }

        return new DocumentText
        {
            Title = title,
            MediaType = "text/plain",
            Text = text,
            Passages = passages,
            Attributes = attributes.ToDictionary(pair => pair.Key, pair => pair.Value),
        };
    }
}
