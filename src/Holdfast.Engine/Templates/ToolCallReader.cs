using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Takes the calls of tools out of an answer as it comes. A call is given out when it is whole; what only looks like one, or is not
/// JSON, comes out as the text it was. What may still become a call is held back.
/// </summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="callId">Makes the id of a call from its number.</param>
internal sealed class ToolCallReader(ToolFormat format, Func<int, string> callId)
{
    private const string Open = "<tool_call>";
    private const string Close = "</tool_call>";

    private readonly StringBuilder _held = new();
    private int _calls;
    private bool _isText;

    /// <summary>Whether a call came: then the answer finishes with <c>tool_calls</c>.</summary>
    public bool HasCalls => _calls > 0;

    public (string Content, IReadOnlyList<ToolCallDelta> Calls) Take(string text, bool isLast)
    {
        if (format == ToolFormat.None)
        {
            return (text, []);
        }

        _held.Append(text);
        var calls = new List<ToolCallDelta>();
        var content = format == ToolFormat.Tagged ? TakeTagged(isLast, calls) : TakeWhole(isLast, calls);
        return (content, calls);
    }

    private string TakeTagged(bool isLast, List<ToolCallDelta> calls)
    {
        var held = _held.ToString();
        var content = new StringBuilder();
        while (true)
        {
            var open = held.IndexOf(Open, StringComparison.Ordinal);
            var close = open < 0 ? -1 : held.IndexOf(Close, open, StringComparison.Ordinal);
            if (close < 0)
            {
                break;
            }

            var call = Parse(held[(open + Open.Length)..close], "arguments");
            content.Append(held, 0, call is null ? close + Close.Length : open);
            if (call is not null)
            {
                calls.Add(call);
            }

            held = held[(close + Close.Length)..];
        }

        var kept = isLast ? 0 : held.Contains(Open, StringComparison.Ordinal) ? held.Length - held.IndexOf(Open, StringComparison.Ordinal) : PossibleStart(held);
        content.Append(held, 0, held.Length - kept);
        _held.Clear().Append(held, held.Length - kept, kept);

        // Line breaks between and around calls are the format's, not the answer's.
        return HasCalls && string.IsNullOrWhiteSpace(content.ToString()) ? "" : content.ToString();
    }

    private string TakeWhole(bool isLast, List<ToolCallDelta> calls)
    {
        var held = _held.ToString();
        var start = held.TrimStart();
        if (_isText || (start.Length > 0 && start[0] != '{'))
        {
            _isText = true;
            _held.Clear();
            return held;
        }

        if (!isLast)
        {
            return "";
        }

        _held.Clear();
        var call = Parse(held, format == ToolFormat.LlamaJson ? "parameters" : "arguments");
        if (call is null)
        {
            return held;
        }

        calls.Add(call);
        return "";
    }

    private static int PossibleStart(string held)
    {
        for (var length = Math.Min(Open.Length - 1, held.Length); length > 0; length--)
        {
            if (Open.StartsWith(held.AsSpan(held.Length - length), StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }

    private ToolCallDelta? Parse(string json, string argumentsKey)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var call = document.RootElement;
            if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            var hasArguments = call.TryGetProperty(argumentsKey, out var arguments) || (format == ToolFormat.LlamaJson && call.TryGetProperty("arguments", out arguments));
            var text = !hasArguments ? "{}" : arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : arguments.GetRawText();
            var number = _calls++;
            return new ToolCallDelta(number, callId(number), name.GetString(), text);
        }
        catch (JsonException)
        {
            // Not a call after all: the caller gets the text.
            return null;
        }
    }
}
