using System.Text.Json;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Verbs;

/// <summary>One line that <c>search</c> prints with <c>--json</c>.</summary>
internal sealed record SearchHits(JsonElement? Id, IReadOnlyList<SearchHit> Hits, Answerability Answerable, SearchExplanation? Explain)
{
    public static SearchHits From(JsonElement? id, SearchResult result) => new(id, [.. result.Passages.Select(SearchHit.From)], result.Answerable, result.Explain);
}
