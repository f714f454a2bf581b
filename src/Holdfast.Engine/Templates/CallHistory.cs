using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Calls of earlier turns for a template that knows no tools: they become text of their message, in the form that a forced call is
/// asked for. Without it such a template would drop them, or refuse the message that has no content beside them.
/// </summary>
internal static class CallHistory
{
    public static ChatRequest Write(ChatRequest request) =>
        request.Messages.Any(message => Calls(message) is not null) ? request with { Messages = [.. request.Messages.Select(Written)] } : request;

    /// <summary>The calls of a message; null where it has none, an empty list among them.</summary>
    public static JsonElement? Calls(ChatMessage message) =>
        message.Raw is { ValueKind: JsonValueKind.Object } raw && raw.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0 ? calls : null;

    private static ChatMessage Written(ChatMessage message)
    {
        if (Calls(message) is not { } calls)
        {
            return message;
        }

        var lines = calls.EnumerateArray().Select(Line).Where(line => line.Length > 0);
        return message with { Text = string.Join('\n', (string[])[.. message.Text.Length > 0 ? [message.Text] : Array.Empty<string>(), .. lines]), Raw = null };
    }

    /// <summary>A client's call as it sent it; what is no call of a function leaves nothing.</summary>
    private static string Line(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object
            || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        var arguments = !function.TryGetProperty("arguments", out var given) ? "{}" : given.ValueKind == JsonValueKind.String ? given.GetString() : given.GetRawText();
        return $$"""{"name": {{name.GetRawText()}}, "arguments": {{arguments}}}""";
    }
}
