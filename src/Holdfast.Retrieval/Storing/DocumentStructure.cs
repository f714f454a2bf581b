using System.Text.Json;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Retrieval.Storing;

/// <summary>The parts of a document that are only read with the whole of it, as one JSON column.</summary>
internal sealed record DocumentStructure(IReadOnlyList<PageSpan> Pages, IReadOnlyList<HeadingSpan> Headings, IReadOnlyList<RuleCount> Cleaned)
{
    public static DocumentStructure Empty { get; } = new([], [], []);

    public string ToJson() => JsonSerializer.Serialize(this);

    public static DocumentStructure FromJson(string json) => JsonSerializer.Deserialize<DocumentStructure>(json) ?? Empty;
}
