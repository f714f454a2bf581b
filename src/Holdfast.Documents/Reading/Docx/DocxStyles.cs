using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Holdfast.Documents.Reading.Docx;

/// <summary>Heading levels by style: by the outline level that a style has or inherits, else by its well-known name.</summary>
internal static class DocxStyles
{
    private const int InheritanceMax = 16;

    public static Dictionary<string, int> HeadingLevels(MainDocumentPart main)
    {
        Dictionary<string, int> levels = new(StringComparer.Ordinal);
        Dictionary<string, Style> styles = new(StringComparer.Ordinal);
        foreach (Style style in main.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
        {
            if (style.StyleId?.Value is { } id)
            {
                styles.TryAdd(id, style);
            }
        }

        foreach (string id in styles.Keys)
        {
            int level = LevelOf(id, styles);
            if (level > 0)
            {
                levels[id] = level;
            }
        }

        return levels;
    }

    /// <summary>The level of a style that the document does not define, by its id: Heading1, Title.</summary>
    public static int ByName(string name)
    {
        string bare = name.Replace(" ", "", StringComparison.Ordinal);
        if (bare.Equals("Title", StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        bool isHeading = bare.Length == 8 && bare.StartsWith("heading", StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(bare[7]);
        return isHeading ? Math.Clamp(bare[7] - '0', 1, 6) : 0;
    }

    private static int LevelOf(string id, Dictionary<string, Style> styles)
    {
        string? at = id;
        for (int i = 0; i < InheritanceMax && at is not null && styles.TryGetValue(at, out Style? style); i++)
        {
            int? outline = style.StyleParagraphProperties?.OutlineLevel?.Val?.Value;
            if (outline is >= 0 and < 9)
            {
                return Math.Min(6, outline.Value + 1);
            }

            int named = ByName(style.StyleName?.Val?.Value ?? at);
            if (named > 0)
            {
                return named;
            }

            at = style.BasedOn?.Val?.Value;
        }

        return 0;
    }
}
