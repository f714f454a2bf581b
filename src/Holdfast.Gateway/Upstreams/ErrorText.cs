using System.Text;
using System.Text.Json;

namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// What an upstream's error body says. Recorded shapes: <c>{"error":{…}}</c> with a number or a text as code (vLLM, llama.cpp, Ollama),
/// <c>{"error":"Unauthorized"}</c> (vLLM's key check), <c>{"detail":"Not Found"}</c> (its router), plain text (Go's router), and
/// the runner's error JSON as a text inside <c>message</c> (Ollama).
/// </summary>
internal sealed record ErrorText
{
    private const int MessageCharactersMax = 8192;
    private const int NestedMax = 3;

    public required string Message { get; init; }

    public string? Type { get; init; }

    public string? Code { get; init; }

    public string? Param { get; init; }

    /// <summary>The number in <c>code</c>, where it is one.</summary>
    public int? Number { get; init; }

    /// <summary>The body was JSON with an <c>error</c> object that has all four members of OpenAI's.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The body was one JSON value.</summary>
    public bool IsJson { get; init; }

    public static ErrorText Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement, 0) with { IsJson = true };
        }
        catch (JsonException)
        {
            return new ErrorText { Message = Short(Encoding.UTF8.GetString(body.Span).Trim()) };
        }
    }

    private static ErrorText Of(JsonElement root, int depth)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new ErrorText { Message = root.ValueKind == JsonValueKind.String ? Short(root.GetString()!) : Short(root.GetRawText()) };
        }

        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return OfObject(error, depth);
        }

        if (error.ValueKind == JsonValueKind.String)
        {
            return new ErrorText { Message = Short(error.GetString()!) };
        }

        if (root.TryGetProperty("detail", out var detail))
        {
            return new ErrorText { Message = Short(detail.ValueKind == JsonValueKind.String ? detail.GetString()! : detail.GetRawText()) };
        }

        // TGI's flat shape, and OpenAI's members without the wrapping object.
        return root.TryGetProperty("message", out _) ? OfObject(root, depth) : new ErrorText { Message = Short(root.GetRawText()) };
    }

    private static ErrorText OfObject(JsonElement error, int depth)
    {
        var message = Text(error, "message") ?? error.GetRawText();
        if (depth < NestedMax && message.StartsWith('{') && TryNested(message, depth + 1) is { } nested)
        {
            return nested with { IsComplete = false };
        }

        var hasCode = error.TryGetProperty("code", out var code);
        return new ErrorText
        {
            Message = Short(message),
            Type = Text(error, "type"),
            Param = Text(error, "param"),
            Code = hasCode && code.ValueKind == JsonValueKind.String ? code.GetString() : null,
            Number = hasCode && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null,
            IsComplete = depth == 0 && hasCode && Text(error, "message") is not null && Text(error, "type") is not null && error.TryGetProperty("param", out _),
        };
    }

    private static ErrorText? TryNested(string message, int depth)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Of(document.RootElement, depth);
        }
        catch (JsonException)
        {
            // A message that only looks like JSON is a message.
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Short(string text) => text.Length <= MessageCharactersMax ? text : string.Concat(text.AsSpan(0, MessageCharactersMax), " (cut here; the whole is in the trace)");
}
