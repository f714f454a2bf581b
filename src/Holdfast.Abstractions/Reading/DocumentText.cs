namespace Holdfast.Abstractions.Reading;

/// <summary>A document after reading and cleaning. Offsets are UTF-16 units in <see cref="Text"/>, the extracted text.</summary>
public sealed record DocumentText
{
    public required string Title { get; init; }

    /// <summary>As found in the content, not as the name claims: <c>text/markdown</c>, <c>application/pdf</c>.</summary>
    public required string MediaType { get; init; }

    public required string Text { get; init; }

    /// <summary>Pages of a paged document, in order; empty otherwise.</summary>
    public IReadOnlyList<PageSpan> Pages { get; init; } = [];

    /// <summary>Headings in order.</summary>
    public IReadOnlyList<HeadingSpan> Headings { get; init; } = [];

    /// <summary>The passages to index, in order.</summary>
    public required IReadOnlyList<PassageSpan> Passages { get; init; }

    /// <summary>Typed metadata: strings, numbers (double), booleans; from front matter and the format's own properties.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    /// <summary>What cleaning changed: rule and how often.</summary>
    public IReadOnlyList<RuleCount> Cleaned { get; init; } = [];
}
