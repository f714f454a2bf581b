using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Takes the calls of tools out of an answer as it comes. Once a call is certain, its arguments are given out in the pieces they come in;
/// a call written in another order is given out when it is whole. What only looks like one, or is not JSON, comes out as the text it was.
/// </summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="isForced">The answer can be nothing but a call.</param>
/// <param name="names">The tools that were offered. What names another is text: no client expects a call that it cannot carry out.</param>
/// <param name="callId">Makes the id of a call from its number.</param>
internal sealed class ToolCallReader(ToolFormat format, bool isForced, IReadOnlyCollection<string> names, Func<int, string> callId)
{
    public const string Open = "<tool_call>";
    public const string Close = "</tool_call>";

    private readonly bool _isTagged = format == ToolFormat.Tagged;
    private readonly List<ToolCallDelta> _found = [];
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _tail = new();
    private string _held = "";
    private State _state = format == ToolFormat.Tagged ? State.Text : State.Start;
    private ObjectEnd _end = new();
    private int _calls;
    private bool _isAfterCall;

    private enum State
    {
        /// <summary>Nothing but white space so far; only where a call is the whole answer.</summary>
        Start,
        Text,

        /// <summary>In what may be a call: held back.</summary>
        Head,
        Arguments,

        /// <summary>In arguments that are no JSON: they last until the closing tag.</summary>
        BrokenArguments,

        /// <summary>Behind the arguments: the call's own closing brace and tag.</summary>
        Tail,
    }

    /// <summary>True from a call's end on, until text follows.</summary>
    public bool IsBehindCall => _isAfterCall;

    /// <summary>Whether a call came: then the answer finishes with <c>tool_calls</c>.</summary>
    public bool HasCalls => _calls > 0;

    public (string Content, IReadOnlyList<ToolCallDelta> Calls) Take(string text, bool isLast)
    {
        if (format == ToolFormat.None)
        {
            return (text, []);
        }

        _held += text;
        _found.Clear();
        _content.Clear();
        while (Advance(isLast))
        {
        }

        // Of a forced call that the token limit ends before its arguments, the first words are no text to show.
        return (isForced ? "" : _content.ToString(), [.. _found]);
    }

    /// <summary>One step; true when there may be another.</summary>
    private bool Advance(bool isLast)
    {
        switch (_state)
        {
            case State.Start:
                var start = _held.TrimStart();
                return start.Length > 0 ? Become(start[0] == '{' ? State.Head : State.Text, _held) : isLast && Become(State.Text, _held);
            case State.Text:
                return AdvanceText(isLast);
            case State.Head:
                return AdvanceHead(isLast);
            case State.Arguments:
                var taken = _end.Take(_held);
                GiveArguments(_held[..taken]);
                _held = _held[taken..];
                return _end.IsOver ? Become(State.Tail, _held) : _end.IsBroken && Become(State.BrokenArguments, _held);
            case State.BrokenArguments:
                var broken = UpTo(Close, isLast);
                GiveArguments(broken.Text);
                _isAfterCall = broken.IsFound;
                return broken.IsFound && Become(State.Text, _held);
            default:
                return AdvanceTail(isLast);
        }
    }

    /// <summary>Behind a call up to its tag. Some models write the next call in the same tag: it is one as well.</summary>
    private bool AdvanceTail(bool isLast)
    {
        var (text, isFound) = UpTo(Close, isLast);
        _tail.Append(text);
        if (!isFound && !isLast)
        {
            return false;
        }

        var tail = _tail.ToString();
        _tail.Clear();
        var next = _isTagged ? tail[new ObjectEnd(depth: 1).Take(tail)..].TrimStart() : "";
        if (next.StartsWith('{'))
        {
            return Become(State.Head, $"{next}{(isFound ? Close : "")}{_held}");
        }

        _isAfterCall = isFound;
        return isFound && Become(State.Text, _held);
    }

    private bool AdvanceText(bool isLast)
    {
        if (!_isTagged)
        {
            _content.Append(_held);
            _held = "";
            return false;
        }

        // Line breaks between calls and after the last one are the format's, not the answer's.
        var start = _held.TrimStart();
        if (_isAfterCall && !isLast && Open.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        _held = _isAfterCall && (start.Length == 0 || start.StartsWith(Open, StringComparison.Ordinal)) ? start : _held;
        _isAfterCall = false;
        var (text, isFound) = UpTo(Open, isLast);
        _content.Append(text);
        return isFound && Become(State.Head, _held);
    }

    private bool AdvanceHead(bool isLast)
    {
        if ((_isTagged || isForced) && CallHead.Find(_held, format) is var (name, argumentsStart) && names.Contains(name))
        {
            _found.Add(new ToolCallDelta(_calls, callId(_calls), name, ""));
            _calls++;
            _end = new ObjectEnd();
            return Become(State.Arguments, _held[argumentsStart..]);
        }

        var close = _isTagged ? _held.IndexOf(Close, StringComparison.Ordinal) : -1;
        if (close < 0 && !isLast)
        {
            return false;
        }

        var (call, rest) = close < 0 ? (_held, "") : (_held[..close], _held[(close + Close.Length)..]);
        var whole = close >= 0 || !_isTagged ? Parse(call) : null;
        if (whole is not null)
        {
            _found.Add(whole);
            _isAfterCall = true;
        }
        else
        {
            _content.Append(_isTagged ? Open : "").Append(_held, 0, _held.Length - rest.Length);
        }

        return Become(State.Text, rest);
    }

    private bool Become(State state, string held)
    {
        (_state, _held) = (state, held);
        return held.Length > 0;
    }

    private void GiveArguments(string piece)
    {
        if (piece.Length > 0)
        {
            _found.Add(new ToolCallDelta(_calls - 1, null, null, piece));
        }
    }

    /// <summary>Takes what stands before a tag, and the tag; without one, what cannot be its beginning.</summary>
    private (string Text, bool IsFound) UpTo(string tag, bool isLast)
    {
        var place = _held.IndexOf(tag, StringComparison.Ordinal);
        var end = place >= 0 ? place : isLast ? _held.Length : _held.Length - PossibleStart(_held, tag);
        var text = _held[..end];
        _held = _held[(place >= 0 ? end + tag.Length : end)..];
        return (text, place >= 0);
    }

    private static int PossibleStart(string held, string tag)
    {
        for (var length = Math.Min(tag.Length - 1, held.Length); length > 0; length--)
        {
            if (tag.StartsWith(held.AsSpan(held.Length - length), StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }

    private ToolCallDelta? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var call = document.RootElement;
            if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
                || !names.Contains(name.GetString()!) || Arguments(call) is not { } arguments)
            {
                return null;
            }

            var number = _calls++;
            return new ToolCallDelta(number, callId(number), name.GetString(), arguments);
        }
        catch (JsonException)
        {
            // Not a call after all: the caller gets the text.
            return null;
        }
    }

    /// <summary>
    /// The arguments as text, or null where this is no call. They must be an object, or a text that holds one. A tag says that a call
    /// is meant, so inside it they may be left out; without tags, an object with a name alone is an answer like any other.
    /// </summary>
    private string? Arguments(JsonElement call)
    {
        if (!call.TryGetProperty("arguments", out var arguments) && !(format == ToolFormat.LlamaJson && call.TryGetProperty("parameters", out arguments)))
        {
            return _isTagged ? "{}" : null;
        }

        if (arguments.ValueKind != JsonValueKind.String)
        {
            return arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText() : null;
        }

        var text = arguments.GetString()!;
        using var inner = JsonDocument.Parse(text);
        return inner.RootElement.ValueKind == JsonValueKind.Object ? text : null;
    }
}
