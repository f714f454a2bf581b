using System.Buffers;
using System.Text.Json;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary>Writes a JSON answer of a route that calls no model, and keeps its bytes for the record.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 10);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            write(json);
        }

        context.Features.Get<Exchange>()?.Answer.Add(buffer.WrittenSpan);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>An OpenAI list: <c>{object: "list", data: […], first_id, last_id, has_more}</c>.</summary>
    public static void List<T>(Utf8JsonWriter json, IReadOnlyList<T> items, bool hasMore, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
        json.WriteString("first_id"u8, items.Count > 0 ? id(items[0]) : null);
        json.WriteString("last_id"u8, items.Count > 0 ? id(items[^1]) : null);
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteEndObject();
    }
}
