using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// What a few templates demand and the API does not: Mistral's an id of nine letters and digits for each call, others the parameters and
/// the description of a tool that has none. Made only where a template refuses what was sent.
/// </summary>
internal static class Concessions
{
    private const int IdLetters = 9;

    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <summary>The same request where there is nothing to concede.</summary>
    public static ChatRequest Make(ChatRequest request)
    {
        var hasLongIds = request.Messages.Any(m => Ids(m).Any(id => ShortId(id) != id));
        var lacksParts = request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.EnumerateArray().Any(LacksParts);
        return !hasLongIds && !lacksParts ? request : request with
        {
            Messages = hasLongIds ? [.. request.Messages.Select(WithShortIds)] : request.Messages,
            Tools = lacksParts ? JsonCopy.Array(request.Tools!.Value.EnumerateArray().Select(WithParts)) : request.Tools,
        };
    }

    private static IEnumerable<string> Ids(ChatMessage message)
    {
        var calls = CallHistory.Calls(message) is { } list ? list.EnumerateArray().Select(call => Id(call, "id")) : [];
        return calls.Append(message.Raw is { } raw ? Id(raw, "tool_call_id") : null).OfType<string>();
    }

    private static string? Id(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static ChatMessage WithShortIds(ChatMessage message)
    {
        if (message.Raw is not { ValueKind: JsonValueKind.Object } raw)
        {
            return message;
        }

        raw = JsonCopy.Changed(raw, "tool_call_id", Short);
        return message with
        {
            Raw = CallHistory.Calls(message) is { } calls ? JsonCopy.With(raw, "tool_calls", JsonCopy.Array(calls.EnumerateArray().Select(call => JsonCopy.Changed(call, "id", Short)))) : raw,
        };
    }

    private static JsonElement Short(JsonElement id) => id.ValueKind == JsonValueKind.String ? JsonCopy.Text(ShortId(id.GetString()!)) : id;

    // A digest: a call and its result, in whichever message, keep one id.
    private static string ShortId(string id) =>
        id.Length == IdLetters && id.All(char.IsAsciiLetterOrDigit) ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..IdLetters];

    private static bool LacksParts(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && (IsMissing(function, "parameters") || IsMissing(function, "description"));

    private static bool IsMissing(JsonElement function, string name) => !function.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;

    private static JsonElement WithParts(JsonElement tool) =>
        LacksParts(tool) ? JsonCopy.Changed(tool, "function", Whole) : tool;

    private static JsonElement Whole(JsonElement function)
    {
        function = IsMissing(function, "parameters") ? JsonCopy.With(function, "parameters", NoParameters) : function;
        return IsMissing(function, "description") ? JsonCopy.With(function, "description", JsonCopy.Text("")) : function;
    }
}
