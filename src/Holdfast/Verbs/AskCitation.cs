using Holdfast.Abstractions.Answering;

namespace Holdfast.Verbs;

/// <summary>One cited span that <c>ask</c> prints; offsets are UTF-16 units of the extracted text.</summary>
internal sealed record AskCitation(string Document, string Title, string? Heading, int? Page, int Start, int Length, string Text, double Score)
{
    public static AskCitation From(Citation citation) => new(
        citation.Passage.Document,
        citation.Passage.Title,
        citation.Passage.Heading,
        citation.Passage.Page,
        citation.Start,
        citation.Length,
        citation.Text,
        Math.Round(citation.Passage.Score, 4));
}
