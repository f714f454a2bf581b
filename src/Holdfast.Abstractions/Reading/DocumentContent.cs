namespace Holdfast.Abstractions.Reading;

/// <summary>One document with its extracted text and its structure.</summary>
public sealed record DocumentContent(
    DocumentRow Row,
    string Text,
    IReadOnlyList<PageSpan> Pages,
    IReadOnlyList<HeadingSpan> Headings,
    IReadOnlyList<PassageSpan> Passages);
