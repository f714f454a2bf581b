using System.Text;

namespace Holdfast.Engine.Templates;

/// <summary>Puts strings together and keeps their origins.</summary>
internal sealed class SpanBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<SpanString.Run> _runs = [];

    public int Length => _text.Length;

    public SpanBuilder Append(SpanString part) => Append(part, 0, part.Text.Length);

    public SpanBuilder Append(SpanString part, int start, int end)
    {
        var from = 0;
        foreach (var run in part.Runs)
        {
            var (low, high) = (Math.Max(from, start), Math.Min(run.End, end));
            if (low < high)
            {
                Append(part.Text.AsSpan(low, high - low), run.IsTemplate);
            }

            from = run.End;
        }

        return this;
    }

    public SpanBuilder Append(ReadOnlySpan<char> text, bool isTemplate)
    {
        if (text.Length == 0)
        {
            return this;
        }

        _text.Append(text);
        if (_runs.Count > 0 && _runs[^1].IsTemplate == isTemplate)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }

        _runs.Add(new SpanString.Run(_text.Length, isTemplate));
        return this;
    }

    public SpanString ToSpanString() => SpanString.Of(_text.ToString(), _runs);
}
