using Holdfast.Dashboard.Words;

namespace Holdfast.Dashboard.Views;

/// <summary>The part of a text that one page shows, and the marked span inside of it. All places are UTF-16 units of the whole text.</summary>
/// <param name="From">First unit shown.</param>
/// <param name="To">One past the last unit shown.</param>
/// <param name="MarkFrom">First unit marked; equal to <paramref name="MarkTo"/> when nothing is.</param>
/// <param name="MarkTo">One past the last unit marked.</param>
/// <param name="IsMarkOutside">A span was asked for that does not lie in the text.</param>
public sealed record TextWindow(int From, int To, int MarkFrom, int MarkTo, bool IsMarkOutside)
{
    /// <summary>A window begins at a line's start when one is this near.</summary>
    private const int LineSearchCharacters = 400;

    public bool HasMark => MarkTo > MarkFrom;

    /// <param name="text">The whole text.</param>
    /// <param name="shown">Units to show at most.</param>
    /// <param name="from">Where to begin; null to begin a little before the span.</param>
    /// <param name="start">First unit of the span to mark.</param>
    /// <param name="length">Units of the span to mark.</param>
    public static TextWindow Of(string text, int shown, int? from, int? start, int? length)
    {
        var isAsked = start is not null || length is not null;
        var markFrom = TextEdge.Whole(text, start ?? 0);
        var markTo = isAsked ? TextEdge.Whole(text, (int)Math.Clamp((start ?? 0L) + Math.Max(0L, length ?? 0), 0, text.Length)) : markFrom;
        var isOutside = isAsked && (markTo <= markFrom || (start ?? 0) < 0 || (start ?? 0L) + (length ?? 0) > text.Length);
        var begin = text.Length <= shown ? 0
            : from is { } given ? TextEdge.Whole(text, given)
            : isAsked ? TextEdge.LineStart(text, markFrom - (shown / 4), LineSearchCharacters)
            : 0;
        var end = TextEdge.Whole(text, (int)Math.Min(text.Length, (long)begin + shown));
        var shownMarkFrom = Math.Clamp(markFrom, begin, end);
        return new TextWindow(begin, end, shownMarkFrom, Math.Clamp(Math.Max(markTo, markFrom), shownMarkFrom, end), isOutside);
    }
}
