using System.Text.Json;

namespace Holdfast.Verbs;

/// <summary>One line that <c>search --batch</c> reads.</summary>
internal sealed record SearchLine
{
    /// <summary>Comes back with the answer; text or number.</summary>
    public JsonElement? Id { get; init; }

    public string? Query { get; init; }

    public JsonElement? Filter { get; init; }

    /// <summary>Passages wanted, 1 to 100.</summary>
    public int? TopK { get; init; }

    public string? Collection { get; init; }
}
