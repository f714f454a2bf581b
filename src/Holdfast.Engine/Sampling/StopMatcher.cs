using System.Text;

namespace Holdfast.Engine.Sampling;

/// <summary>
/// Finds stop strings in text that comes in pieces. What could still become the beginning of one is held back; nothing of a stop
/// string itself is ever given out.
/// </summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Takes a piece; gives what may go out. <paramref name="isStopped"/>: a stop string was found, what came after it is dropped.</summary>
    public string Take(string piece, out bool isStopped)
    {
        isStopped = false;
        if (stops.Count == 0)
        {
            return piece;
        }

        var text = _held.Append(piece).ToString();
        _held.Clear();
        if (First(text) is { } first)
        {
            isStopped = true;
            return text[..first];
        }

        var kept = Held(text);
        _held.Append(text, text.Length - kept, kept);
        return text[..^kept];
    }

    /// <summary>At the end: what was held back after all.</summary>
    public string Flush()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    /// <summary>Where the stop string begins that ends first, the longest of those that end there: so the pieces' borders do not matter.</summary>
    private int? First(string text)
    {
        (int End, int Start)? first = null;
        foreach (var stop in stops)
        {
            var start = text.IndexOf(stop, StringComparison.Ordinal);
            if (start >= 0 && (first is not { } f || (start + stop.Length, start).CompareTo(f) < 0))
            {
                first = (start + stop.Length, start);
            }
        }

        return first?.Start;
    }

    /// <summary>Length of the longest end of the text that begins a stop string.</summary>
    private int Held(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
