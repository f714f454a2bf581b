using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Verbs;

/// <summary>One line that <c>ask</c> prints with <c>--json</c>.</summary>
internal sealed record AskAnswer
{
    public JsonElement? Id { get; init; }

    public required string Answer { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<AskCitation> Citations { get; init; }

    public required bool Refused { get; init; }

    public required string RequestId { get; init; }

    public static AskAnswer From(JsonElement? id, AskOutcome outcome) => new()
    {
        Id = id,
        Answer = outcome.Text,
        Model = outcome.Model,
        Citations = [.. outcome.Citations.Select(AskCitation.From)],
        Refused = outcome.IsRefusal,
        RequestId = outcome.RequestId,
    };
}
