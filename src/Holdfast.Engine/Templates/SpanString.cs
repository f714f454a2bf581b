using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Templates;

/// <summary>
/// A string that knows, character by character, whether a template or a caller wrote it. Every operation of the template language
/// keeps that, so that in the end only the template's own characters may become special tokens.
/// Indices seen by templates count code points, as in Python.
/// </summary>
internal sealed class SpanString
{
    public static readonly SpanString Empty = new("", []);

    private readonly Run[] _runs;

    private SpanString(string text, Run[] runs)
    {
        Text = text;
        _runs = runs;
    }

    public string Text { get; }

    /// <summary>Length in code points.</summary>
    public int Length
    {
        get
        {
            var length = Text.Length;
            for (var i = 1; i < Text.Length; i++)
            {
                length -= char.IsSurrogatePair(Text[i - 1], Text[i]) ? 1 : 0;
            }

            return length;
        }
    }

    public IReadOnlyList<TextSpan> Spans
    {
        get
        {
            var spans = new TextSpan[_runs.Length];
            var start = 0;
            for (var i = 0; i < _runs.Length; i++)
            {
                spans[i] = new TextSpan(Text[start.._runs[i].End], _runs[i].IsTemplate);
                start = _runs[i].End;
            }

            return spans;
        }
    }

    public static SpanString Template(string text) => text.Length == 0 ? Empty : new(text, [new Run(text.Length, true)]);

    public static SpanString Caller(string text) => text.Length == 0 ? Empty : new(text, [new Run(text.Length, false)]);

    internal static SpanString Of(string text, List<Run> runs) => text.Length == 0 ? Empty : new(text, [.. runs]);

    /// <summary>A part by UTF-16 units.</summary>
    public SpanString Cut(int start, int end)
    {
        if (start >= end)
        {
            return Empty;
        }

        return start == 0 && end == Text.Length ? this : new SpanBuilder().Append(this, start, end).ToSpanString();
    }

    /// <summary>A part by code points, both within the length.</summary>
    public SpanString CutRunes(int start, int end) => Cut(UnitOf(start), UnitOf(end));

    public IEnumerable<SpanString> Runes()
    {
        for (var i = 0; i < Text.Length;)
        {
            var width = char.IsSurrogatePair(Text, i) ? 2 : 1;
            yield return Cut(i, i + width);
            i += width;
        }
    }

    public bool IsTemplateAt(int unit) => _runs[RunAt(unit)].IsTemplate;

    public override string ToString() => Text;

    internal ReadOnlySpan<Run> Runs => _runs;

    /// <summary>The run that a unit lies in; as many as there are behind the end. A text may have as many runs as characters, so they are not walked.</summary>
    internal int RunAt(int unit)
    {
        var (low, high) = (0, _runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].End <= unit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // i + 1 < Length guards char.IsSurrogatePair, which reads the next unit.
    private int UnitOf(int rune)
    {
        var unit = 0;
        while (rune-- > 0 && unit < Text.Length)
        {
            unit += unit + 1 < Text.Length && char.IsSurrogatePair(Text[unit], Text[unit + 1]) ? 2 : 1;
        }

        return unit;
    }

    /// <summary>Characters up to <paramref name="End"/> of one origin.</summary>
    internal readonly record struct Run(int End, bool IsTemplate);
}
