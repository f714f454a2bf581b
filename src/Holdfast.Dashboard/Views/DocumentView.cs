using Holdfast.Abstractions.Reading;

namespace Holdfast.Dashboard.Views;

/// <summary>A document with the part of its text that is shown.</summary>
public sealed record DocumentView
{
    public required DocumentContent Content { get; init; }

    public required TextWindow Window { get; init; }

    public required IReadOnlyList<TextSegment> Segments { get; init; }

    public required IReadOnlyList<OutlineEntry> Outline { get; init; }

    /// <summary>Entries that the outline leaves out.</summary>
    public required int OutlineLeftOut { get; init; }

    /// <summary>The passage that holds the marked span.</summary>
    public PassageSpan? Passage { get; init; }
}
