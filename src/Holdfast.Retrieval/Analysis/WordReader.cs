using System.Globalization;

namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// Cuts a text into words without allocation, one pass.
/// <code>
/// os.path.join(max_workers)   ->  [os.path.join] os path join [max_workers] max workers
/// </code>
/// A run is letters, digits, marks and <c>_</c>. Runs joined by one <c>.</c> or <c>-</c> make a compound, and so does a run with
/// <c>_</c>, a change from lower to upper case or from letters to digits inside. A compound is given whole first, then in parts,
/// so that an exact name outweighs its pieces and a piece still finds it. Han, Kana and the other scripts without spaces give
/// pairs of neighbours.
/// </summary>
internal ref struct WordReader(ReadOnlySpan<char> text)
{
    // A longer chain is data (base64, a hash), not a name: its parts are enough.
    private const int CompoundUnitsMax = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;
    private int _partsEnd;
    private int _position;

    public Word Current { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            if (_next < _partsEnd)
            {
                if (TryPart())
                {
                    return true;
                }

                continue;
            }

            while (_next < _text.Length && !IsWordUnit(_text, _next))
            {
                _next++;
            }

            if (_next >= _text.Length)
            {
                return false;
            }

            if (IsUnspaced(_text[_next]) ? TryPair() : TryWhole())
            {
                return true;
            }
        }
    }

    // True for a compound; a simple run is left to TryPart.
    private bool TryWhole()
    {
        var end = ChainEnd(_next);
        _partsEnd = end;
        if (end - _next > CompoundUnitsMax || PartEnd(_next, end) == end)
        {
            return false;
        }

        Current = new Word(_next, end - _next, _position, WordShape.Compound);
        return true;
    }

    private bool TryPart()
    {
        while (_next < _partsEnd && _text[_next] is '_' or '.' or '-')
        {
            _next++;
        }

        if (_next >= _partsEnd)
        {
            return false;
        }

        var end = PartEnd(_next, _partsEnd);
        Current = new Word(_next, end - _next, _position++, WordShape.Plain);
        _next = end;
        return true;
    }

    private bool TryPair()
    {
        var hasNext = _next + 1 < _text.Length && IsUnspaced(_text[_next + 1]);
        var hasPrevious = _next > 0 && IsUnspaced(_text[_next - 1]);
        var start = _next++;
        if (!hasNext && hasPrevious)
        {
            return false;
        }

        Current = new Word(start, hasNext ? 2 : 1, _position++, WordShape.Bigram);
        return true;
    }

    // Runs joined by a single dot or hyphen; a dot at the end of a sentence joins nothing.
    private readonly int ChainEnd(int start)
    {
        var end = start;
        while (end < _text.Length)
        {
            if (IsWordUnit(_text, end) && !IsUnspaced(_text[end]))
            {
                end++;
            }
            else if (_text[end] is '.' or '-' && end > start && end + 1 < _text.Length && IsWordUnit(_text, end + 1)
                && !IsUnspaced(_text[end + 1]) && _text[end - 1] is not ('.' or '-'))
            {
                end++;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    private readonly int PartEnd(int start, int end)
    {
        var index = start + 1;
        while (index < end && _text[index] is not ('_' or '.' or '-') && !IsSeam(index))
        {
            index++;
        }

        return index;
    }

    // Between a lower-case letter and a capital (threadPool), and before the last capital of a row of them (HTTPError).
    private readonly bool IsSeam(int index)
    {
        var before = _text[index - 1];
        var here = _text[index];
        if (char.IsUpper(here))
        {
            return char.IsLower(before)
                || (char.IsUpper(before) && index + 1 < _text.Length && char.IsLower(_text[index + 1]) && index >= 2 && char.IsUpper(_text[index - 2]));
        }

        return false;
    }

    private static bool IsWordUnit(ReadOnlySpan<char> text, int index)
    {
        var unit = text[index];
        if (unit < 128)
        {
            return char.IsAsciiLetterOrDigit(unit) || unit == '_';
        }

        // Half of a pair counts as a letter: rare scripts must be findable, and an emoji as a word does no harm.
        return char.IsLetterOrDigit(unit) || char.IsSurrogate(unit)
            || CharUnicodeInfo.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    // Kana, Han, and Thai to Burmese; Hangul writes spaces.
    private static bool IsUnspaced(char unit) => unit is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F')
        or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');
}
