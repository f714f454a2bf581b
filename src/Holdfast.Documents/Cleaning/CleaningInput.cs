using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Cleaning;

/// <summary>A text with the structure that rules look at.</summary>
internal sealed record CleaningInput
{
    public required string Text { get; init; }

    public IReadOnlyList<Block> Blocks { get; init; } = [];

    public IReadOnlyList<PageSpan> Pages { get; init; } = [];

    public bool IsTypeset { get; init; }
}
