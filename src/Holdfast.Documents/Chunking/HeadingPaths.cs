using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Chunking;

/// <summary>The path of each section: the headings above it, outermost first, joined by " > ".</summary>
internal static class HeadingPaths
{
    // A heading is a line, not a page; a path is shown in citations and embedded with the passage.
    private const int HeadingCharactersMax = 160;

    public static string?[] Of(string text, IReadOnlyList<HeadingSpan> headings)
    {
        string?[] paths = new string?[headings.Count + 1];
        List<(int Level, string Path)> open = [];
        for (int i = 0; i < headings.Count; i++)
        {
            HeadingSpan heading = headings[i];
            while (open.Count > 0 && open[^1].Level >= heading.Level)
            {
                open.RemoveAt(open.Count - 1);
            }

            string own = OneLine(text.AsSpan(heading.Start, heading.Length));
            string path = open.Count > 0 ? string.Concat(open[^1].Path, " > ", own) : own;
            open.Add((heading.Level, path));
            paths[i + 1] = path;
        }

        return paths;
    }

    private static string OneLine(ReadOnlySpan<char> heading)
    {
        ReadOnlySpan<char> cut = heading.Length > HeadingCharactersMax ? heading[..HeadingCharactersMax] : heading;
        return cut.ToString().ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
    }
}
