using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Calls of earlier turns for a template that knows no tools: they become text of their message, in the form that a forced call is
/// asked for, and their results words of the user. Without it such a template would drop them, or refuse them.
/// </summary>
internal static class CallHistory
{
    /// <summary>What is wrong with the first call that is none of a function, with its place; null when all are. Templates would fail on it in their own words.</summary>
    public static string? Fault(ChatRequest request)
    {
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var number = 0;
            foreach (var call in Calls(request.Messages[i])?.EnumerateArray() ?? default)
            {
                var place = $"messages[{i}].tool_calls[{number++}]";
                if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("function", out var function) || Text(function, "name") is null)
                {
                    return $"{place} must be a function with a name";
                }

                if (!function.TryGetProperty("arguments", out var arguments) || arguments.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
                {
                    return $"{place}.function.arguments must be a string of JSON; of a call without arguments it is \"{{}}\"";
                }
            }
        }

        return null;
    }

    public static bool IsResult(ChatMessage message) => message.Role is "tool" or "function";

    /// <summary>The calls of a message; null where it has none, an empty list among them.</summary>
    public static JsonElement? Calls(ChatMessage message) =>
        message.Raw is { ValueKind: JsonValueKind.Object } raw && raw.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0 ? calls : null;

    /// <summary>The names of the functions that were called, by the ids of the calls.</summary>
    public static IReadOnlyDictionary<string, string> Names(ChatRequest request)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var call in request.Messages.Select(Calls).OfType<JsonElement>().SelectMany(calls => calls.EnumerateArray()))
        {
            if (call.ValueKind == JsonValueKind.Object && Text(call, "id") is { } id && call.TryGetProperty("function", out var function) && Text(function, "name") is { } name)
            {
                names[id] = name;
            }
        }

        return names;
    }

    /// <summary>A result in words of the user, with the name of the function where it is known.</summary>
    public static string ResultText(ChatMessage message, IReadOnlyDictionary<string, string> names)
    {
        var name = message.Raw is not { } raw ? null : Text(raw, "name") ?? (Text(raw, "tool_call_id") is { } id ? names.GetValueOrDefault(id) : null);
        return name is null ? $"Result of a function call: {message.Text}" : $"Result of {name}: {message.Text}";
    }

    /// <summary>A message with its calls in its text, in tags where the model is to write them so.</summary>
    public static ChatMessage Write(ChatMessage message, ToolFormat format)
    {
        if (Calls(message) is not { } calls)
        {
            return message;
        }

        var lines = calls.EnumerateArray().Select(Line).Where(line => line.Length > 0).Select(line => format == ToolFormat.Tagged ? $"{ToolCallReader.Open}\n{line}\n{ToolCallReader.Close}" : line);
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

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
