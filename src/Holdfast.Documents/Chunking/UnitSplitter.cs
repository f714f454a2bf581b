using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Chunking;

/// <summary>Cuts a text into units: headings and lines of code and tables whole, prose by sentence. Only what is larger than a passage is cut inside, at a space where there is one.</summary>
internal sealed class UnitSplitter(string text, int wordsMax, int tokensMax)
{
    // Characters of a unit at most. A bound on what is weighed at once keeps the cutting of a huge line linear.
    private const int CharactersPerToken = 8;

    private readonly List<TextUnit> _units = [];
    private readonly List<TextSpan> _sentences = [];

    private int Reach => tokensMax * CharactersPerToken;

    /// <summary>All units in order. Sections count from 0 (before the first heading).</summary>
    public List<TextUnit> Split(IReadOnlyList<Block> blocks)
    {
        int at = 0;
        int section = 0;
        foreach (Block block in blocks)
        {
            if (block.Start > at)
            {
                AddSentences(new TextSpan(at, block.Start - at), section);
            }

            section += block.Kind == BlockKind.Heading ? 1 : 0;
            TextSpan span = new(block.Start, block.Length);
            if (block.Kind is BlockKind.Code or BlockKind.Table)
            {
                AddLines(span, section);
            }
            else if (block.Kind == BlockKind.Heading)
            {
                AddWhole(span, section, isHeading: true);
            }
            else
            {
                AddSentences(span, section);
            }

            at = block.End;
        }

        AddSentences(new TextSpan(at, text.Length - at), section);
        return _units;
    }

    private void AddSentences(TextSpan span, int section)
    {
        _sentences.Clear();
        SentenceSplitter.Split(text, span, _sentences);
        foreach (TextSpan sentence in _sentences)
        {
            AddWhole(sentence, section, isHeading: false);
        }
    }

    private void AddLines(TextSpan span, int section)
    {
        int at = span.Start;
        while (at < span.End)
        {
            int found = text.IndexOf('\n', at, span.End - at);
            int end = found < 0 ? span.End : found;
            AddWhole(new TextSpan(at, end - at), section, isHeading: false);
            at = end + 1;
        }
    }

    private void AddWhole(TextSpan span, int section, bool isHeading)
    {
        int start = span.Start;
        int end = span.End;
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        while (start < end)
        {
            TextWeight weight;
            if (end - start <= Reach)
            {
                weight = TextWeight.Of(text.AsSpan(start, end - start));
                if (weight.Words <= wordsMax && weight.Tokens <= tokensMax)
                {
                    _units.Add(new TextUnit(start, end - start, weight.Words, weight.Tokens, isHeading, section));
                    return;
                }
            }

            int cut = CutAt(start, end);
            int length = text.AsSpan(start, cut - start).TrimEnd().Length;
            weight = TextWeight.Of(text.AsSpan(start, length));
            _units.Add(new TextUnit(start, length, weight.Words, weight.Tokens, isHeading, section));
            start = cut;
            while (start < end && char.IsWhiteSpace(text[start]))
            {
                start++;
            }
        }
    }

    /// <summary>End of the longest piece from start that fits: at the last white space, else before the character that is too much.</summary>
    private int CutAt(int start, int end)
    {
        int low = start + 1;
        int high = Math.Min(end, start + Reach);
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            TextWeight weight = TextWeight.Of(text.AsSpan(start, middle - start));
            if (weight.Words <= wordsMax && weight.Tokens <= tokensMax)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        int cut = low;
        for (int i = cut; i > start + ((cut - start) / 2); i--)
        {
            if (i < end && char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return char.IsHighSurrogate(text[cut - 1]) && cut < end ? (cut - 1 > start ? cut - 1 : cut + 1) : cut;
    }
}
