using System.Buffers;
using System.Text.Json;

namespace Holdfast.Engine.Templates;

/// <summary>Copies of a caller's JSON with a part replaced.</summary>
internal static class JsonCopy
{
    // What is copied was parsed before; a copy is at most a few levels deeper.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000, AllowDuplicateProperties = true };

    public static JsonElement Text(string text) => Written(writer => writer.WriteStringValue(text));

    public static JsonElement Array(IEnumerable<JsonElement> items) => Written(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    /// <summary>An object with a member set: in its place where it has one, else at the end.</summary>
    public static JsonElement With(JsonElement target, string name, JsonElement value) => Written(writer =>
    {
        var isSet = false;
        writer.WriteStartObject();
        foreach (var member in target.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            (member.NameEquals(name) ? value : member.Value).WriteTo(writer);
            isSet |= member.NameEquals(name);
        }

        if (!isSet)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    /// <summary>A member that is changed where there is one; else the value as it is.</summary>
    public static JsonElement Changed(JsonElement target, string name, Func<JsonElement, JsonElement> change) =>
        target.ValueKind == JsonValueKind.Object && target.TryGetProperty(name, out var value) ? With(target, name, change(value)) : target;

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan, Options);
    }
}
