using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Serving;

/// <summary>Finds strings with half of a surrogate pair in the parts of a request that are passed on as JSON: no text can hold them, so nothing could be rendered or enforced.</summary>
internal static class HalfPairs
{
    /// <summary>The member of the request that holds one, or null.</summary>
    public static string? Find(ChatRequest request) =>
        Holds(request.ResponseFormat) ? "response_format"
        : Holds(request.Tools) ? "tools"
        : Holds(request.ToolChoice) ? "tool_choice"
        : Holds(request.ChatTemplateKwargs) ? "chat_template_kwargs"
        : request.Messages.Any(m => Holds(m.Raw)) ? "messages"
        : null;

    // Only an escape can be half a pair: the body itself is UTF-8. Nearly every request has none and is not walked.
    private static bool Holds(JsonElement? json) =>
        json is { ValueKind: not JsonValueKind.Undefined } element && element.GetRawText().Contains("\\ud", StringComparison.OrdinalIgnoreCase) && Walk(element);

    private static bool Walk(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => !IsText(element.GetString),
        JsonValueKind.Array => element.EnumerateArray().Any(Walk),
        JsonValueKind.Object => element.EnumerateObject().Any(m => !IsText(() => m.Name) || Walk(m.Value)),
        _ => false,
    };

    private static bool IsText(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half a pair.
            return false;
        }
    }
}
