using System.Text;
using Holdfast.Engine.Templates;

namespace Holdfast.Engine.Serving;

/// <summary>Parts the text before <c>&lt;/think&gt;</c> from the answer. The tags themselves and the line breaks around them belong to neither.</summary>
internal sealed class ReasoningSplitter
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly StringBuilder _held = new();
    private State _state;

    public ReasoningSplitter(ThinkingStart start) => _state = start switch
    {
        ThinkingStart.Open => State.Reasoning,
        ThinkingStart.Possible => State.Start,
        _ => State.Content,
    };

    private enum State
    {
        /// <summary>Nothing but white space so far: it may still open.</summary>
        Start,

        /// <summary>Behind the opening tag: line breaks are dropped.</summary>
        Opened,
        Reasoning,

        /// <summary>Behind the closing tag: white space is dropped.</summary>
        Between,
        Content,
    }

    public bool IsReasoning => _state is State.Opened or State.Reasoning;

    public bool IsAnswering => _state is State.Content or State.Between;

    public (string Reasoning, string Content) Take(string text, bool isLast)
    {
        if (_state == State.Content)
        {
            return ("", text);
        }

        _held.Append(text);
        var (reasoning, content) = (new StringBuilder(), new StringBuilder());
        while (Advance(reasoning, content, isLast))
        {
        }

        return (reasoning.ToString(), content.ToString());
    }

    /// <summary>One step; true when there may be another.</summary>
    private bool Advance(StringBuilder reasoning, StringBuilder content, bool isLast)
    {
        var held = _held.ToString();
        switch (_state)
        {
            case State.Start:
                var start = held.TrimStart();
                if (start.StartsWith(Open, StringComparison.Ordinal))
                {
                    return Become(State.Opened, start[Open.Length..]);
                }

                return (!Open.StartsWith(start, StringComparison.Ordinal) || isLast) && Become(State.Content, held);
            case State.Opened:
                var opened = held.TrimStart('\n');
                return (opened.Length > 0 || isLast) && Become(State.Reasoning, opened);
            case State.Reasoning:
                var close = held.IndexOf(Close, StringComparison.Ordinal);
                if (close >= 0)
                {
                    reasoning.Append(held.AsSpan(0, close).TrimEnd('\n'));
                    return Become(State.Between, held[(close + Close.Length)..]);
                }

                var kept = isLast ? 0 : Kept(held);
                reasoning.Append(held, 0, held.Length - kept);
                _held.Clear().Append(held, held.Length - kept, kept);
                return false;
            case State.Between:
                var rest = held.TrimStart();
                return (rest.Length > 0 || isLast) && Become(State.Content, rest);
            default:
                content.Append(held);
                _held.Clear();
                return false;
        }
    }

    private bool Become(State state, string held)
    {
        _state = state;
        _held.Clear().Append(held);
        return true;
    }

    /// <summary>The end that may still become the closing tag, and line breaks before it.</summary>
    private static int Kept(string held)
    {
        for (var length = Math.Min(Close.Length - 1, held.Length); length > 0; length--)
        {
            if (Close.StartsWith(held.AsSpan(held.Length - length), StringComparison.Ordinal))
            {
                return length + BreaksBefore(held, held.Length - length);
            }
        }

        return BreaksBefore(held, held.Length);
    }

    private static int BreaksBefore(string text, int end)
    {
        var breaks = 0;
        while (end - breaks > 0 && text[end - breaks - 1] == '\n')
        {
            breaks++;
        }

        return breaks;
    }
}
