using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading;

/// <summary>What a reader took out of a file, before cleaning.</summary>
internal sealed record Draft
{
    public required string MediaType { get; init; }

    public required string Text { get; init; }

    /// <summary>In order, without overlap.</summary>
    public required IReadOnlyList<Block> Blocks { get; init; }

    public IReadOnlyList<PageSpan> Pages { get; init; } = [];

    /// <summary>True where line breaks come from a page's layout: hyphens at their end may be the typesetter's.</summary>
    public bool IsTypeset { get; init; }

    public string? Title { get; init; }

    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    /// <summary>What the reader itself left out or repaired, such as hidden text.</summary>
    public IReadOnlyList<RuleCount> Counts { get; init; } = [];
}
