using System.Text.Json;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Retrieval.Filtering;

/// <summary>A value of a filter. <paramref name="Kind"/> is True for both booleans.</summary>
internal readonly record struct FilterValue(JsonValueKind Kind, object Data)
{
    public bool IsNumber => Kind == JsonValueKind.Number;

    public AttributeKind StoredKind => Kind switch
    {
        JsonValueKind.String => AttributeKind.Text,
        JsonValueKind.Number => AttributeKind.Number,
        _ => AttributeKind.Boolean,
    };

    /// <summary>Null when the value is of no kind that an attribute can have.</summary>
    public static FilterValue? From(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new FilterValue(JsonValueKind.String, AttributeColumns.CleanText(value.GetString()!)),
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => new FilterValue(JsonValueKind.Number, number),
        JsonValueKind.True => new FilterValue(JsonValueKind.True, 1d),
        JsonValueKind.False => new FilterValue(JsonValueKind.True, 0d),
        _ => null,
    };
}
