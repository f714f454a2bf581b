using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Pulling;

/// <summary>The hub's answer about a repository, as far as it is read: <c>/api/models/…?blobs=true</c>.</summary>
internal sealed record HubListing
{
    [JsonPropertyName("sha")]
    public string? Commit { get; init; }

    [JsonPropertyName("cardData")]
    public JsonElement Card { get; init; }

    [JsonPropertyName("siblings")]
    public IReadOnlyList<Sibling?>? Siblings { get; init; }

    /// <summary>The licence's name; the card may hold one or a list.</summary>
    public string? Licence()
    {
        if (Card.ValueKind != JsonValueKind.Object || !Card.TryGetProperty("license", out var licence))
        {
            return null;
        }

        var first = licence.ValueKind == JsonValueKind.Array ? licence.EnumerateArray().FirstOrDefault() : licence;
        return first.ValueKind == JsonValueKind.String ? first.GetString() : null;
    }

    internal sealed record Sibling
    {
        [JsonPropertyName("rfilename")]
        public string? Path { get; init; }

        [JsonPropertyName("size")]
        public long? Bytes { get; init; }

        [JsonPropertyName("lfs")]
        public Blob? Large { get; init; }
    }

    internal sealed record Blob
    {
        [JsonPropertyName("sha256")]
        public string? Sha256 { get; init; }

        [JsonPropertyName("size")]
        public long? Bytes { get; init; }
    }
}
