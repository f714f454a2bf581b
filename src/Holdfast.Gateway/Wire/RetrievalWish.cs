using System.Text.Json;

namespace Holdfast.Gateway.Wire;

/// <summary>The <c>holdfast</c> object of a request.</summary>
internal sealed record RetrievalWish
{
    public static readonly RetrievalWish None = new();

    public string? Collection { get; init; }

    public JsonElement? Filter { get; init; }

    public int? TopK { get; init; }

    /// <summary>True when the answer shall list the stages.</summary>
    public bool Detail { get; init; }
}
