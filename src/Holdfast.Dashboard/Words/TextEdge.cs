namespace Holdfast.Dashboard.Words;

/// <summary>Places at which a text may be cut.</summary>
internal static class TextEdge
{
    /// <summary>The place itself inside of the text, or one before it where it would split a surrogate pair.</summary>
    public static int Whole(string text, int index)
    {
        var inside = Math.Clamp(index, 0, text.Length);
        return inside > 0 && inside < text.Length && char.IsLowSurrogate(text[inside]) && char.IsHighSurrogate(text[inside - 1])
            ? inside - 1
            : inside;
    }

    /// <summary>The start of the line that holds <paramref name="index"/>, when it begins at most <paramref name="charactersBack"/> before.</summary>
    public static int LineStart(string text, int index, int charactersBack)
    {
        var edge = Whole(text, index);
        var from = Math.Max(0, edge - charactersBack);
        var lineEnd = text.AsSpan(from, edge - from).LastIndexOf('\n');
        return lineEnd >= 0 ? from + lineEnd + 1 : from == 0 ? 0 : edge;
    }
}
