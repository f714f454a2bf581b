using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Cleaning;
using Holdfast.Documents.Reading;

namespace Holdfast.Documents;

/// <summary>What documents are called: a format in a sentence, a document by its title.</summary>
internal static class DocumentNames
{
    private const int TitleCharactersMax = 200;

    public static string Of(string mediaType) => mediaType switch
    {
        "application/pdf" => "the PDF",
        "text/html" => "the page",
        _ => "the file",
    };

    /// <summary>The format's own title, else the first heading, else the name. Cleaned like the text: a NUL in a title lost whole batches elsewhere.</summary>
    public static string Title(Draft draft, string text, IReadOnlyList<HeadingSpan> headings, string name)
    {
        string title = OneLine(draft.Title);
        if (title.Length == 0 && headings.Count > 0)
        {
            title = OneLine(text.Substring(headings[0].Start, headings[0].Length));
        }

        return title.Length > 0 ? title : Path.GetFileNameWithoutExtension(name) is { Length: > 0 } bare ? bare : name;
    }

    private static string OneLine(string? title)
    {
        if (string.IsNullOrWhiteSpace(title))
        {
            return "";
        }

        string cut = title.Length > TitleCharactersMax ? title[..TitleCharactersMax] : title;
        CleaningOutcome cleaned = TextCleaner.Clean(new CleaningInput { Text = cut }, CleaningRules.ForRequests, withEdits: false);
        return cleaned.Output.Text.Replace('\n', ' ').Replace('\t', ' ').Trim();
    }
}
