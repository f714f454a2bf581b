using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>Reads the <c>holdfast</c> object; it is ours, so an unknown member of it is a fault.</summary>
internal static class WishReader
{
    private const int TopKMax = 100;

    public static RetrievalWish Read(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader, ref AnswerFault? fault)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return RetrievalWish.None;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            FieldReader.Fault(ref fault, "holdfast", "an object");
            reader.Skip();
            return RetrievalWish.None;
        }

        var wish = RetrievalWish.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "collection":
                    wish = wish with { Collection = FieldReader.Text(ref reader, "holdfast.collection", ref fault) };
                    break;
                case "filter":
                    wish = wish with { Filter = FieldReader.Raw(body, ref reader) };
                    break;
                case "topK":
                    wish = wish with { TopK = TopK(ref reader, ref fault) };
                    break;
                case "detail":
                    wish = wish with { Detail = FieldReader.Flag(ref reader, "holdfast.detail", ref fault) ?? false };
                    break;
                default:
                    reader.Skip();
                    fault ??= Refusals.Unsupported($"holdfast.{name}", $"'holdfast.{name}' is not known; collection, filter, topK and detail are.");
                    break;
            }
        }

        return wish;
    }

    private static int? TopK(ref Utf8JsonReader reader, ref AnswerFault? fault)
    {
        var isNull = reader.TokenType == JsonTokenType.Null;
        var topK = FieldReader.Int(ref reader, "holdfast.topK", ref fault);
        if (!isNull && topK is not (>= 1 and <= TopKMax))
        {
            fault ??= Refusals.BadRequest("invalid_value", $"'holdfast.topK' must be a whole number from 1 to {TopKMax}.", "holdfast.topK");
        }

        return topK;
    }
}
