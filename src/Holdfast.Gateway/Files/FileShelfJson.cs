using System.Text.Json.Serialization;

namespace Holdfast.Gateway.Files;

/// <summary>How the facts of an uploaded file stand beside its bytes.</summary>
[JsonSerializable(typeof(StoredFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FileShelfJson : JsonSerializerContext;
