using System.Text.Json;

namespace Holdfast.Abstractions.Searching;

/// <summary>A question to a collection.</summary>
public sealed record SearchQuery
{
    public required string Collection { get; init; }

    public required string Text { get; init; }

    /// <summary>
    /// The filter object of the OpenAI vector store API: <c>{type: eq|ne|gt|gte|lt|lte|in|nin, key, value}</c> or <c>{type: and|or, filters: […]}</c>.
    /// </summary>
    public JsonElement? Filter { get; init; }

    /// <summary>Passages wanted, 1 to 100.</summary>
    public int TopK { get; init; } = 6;
}
