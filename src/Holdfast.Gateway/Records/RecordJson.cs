using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Abstractions.Recording;

namespace Holdfast.Gateway.Records;

/// <summary>How traces are written: camelCase, absent means unknown, text outside ASCII readable.</summary>
[JsonSerializable(typeof(RequestTrace))]
[JsonSerializable(typeof(TraceLine))]
[JsonSerializable(typeof(TraceRow))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RecordJson : JsonSerializerContext
{
    public static readonly RecordJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
