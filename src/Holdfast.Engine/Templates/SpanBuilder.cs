using System.Text;

namespace Holdfast.Engine.Templates;

/// <summary>Puts strings together and keeps their origins.</summary>
/// <param name="budget">Pays for what is built; null where its size is that of something that was paid for.</param>
internal sealed class SpanBuilder(RenderBudget? budget = null)
{
    private readonly StringBuilder _text = new();
    private readonly List<SpanString.Run> _runs = [];

    public SpanBuilder Append(SpanString part) => Append(part, 0, part.Text.Length);

    public SpanBuilder Append(SpanString part, int start, int end)
    {
        for (var run = part.RunAt(start); start < end; run++)
        {
            var high = Math.Min(part.Runs[run].End, end);
            Append(part.Text.AsSpan(start, high - start), part.Runs[run].IsTemplate);
            start = high;
        }

        return this;
    }

    public SpanBuilder Append(ReadOnlySpan<char> text, bool isTemplate)
    {
        if (text.Length == 0)
        {
            return this;
        }

        budget?.Build(_text.Length, text.Length);
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
