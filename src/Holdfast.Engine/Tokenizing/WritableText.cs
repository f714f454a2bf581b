using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// What a vocabulary can write, whatever stands before it: a byte that is a token, and a character whose bytes are. Where no byte
/// past ASCII is a token, a character that is one itself. Most vocabularies write everything; SmolLM2's has no token for the bytes
/// F1 and F2, so nothing from U+40000 to U+BFFFF.
/// </summary>
internal sealed class WritableText
{
    /// <summary>Of a vocabulary that has all bytes.</summary>
    public static readonly WritableText Everything = new(null, Enumerable.Repeat(true, 256).ToArray());

    // One missing continuation byte makes 17,000 gaps, and a pattern of that many edges takes seconds.
    private const int RangesMax = 256;

    private readonly Vocabulary? _vocabulary;
    private readonly bool[] _bytes;
    private readonly bool _hasBytesPastAscii;
    private readonly Lazy<(int Low, int High)[]> _ranges;

    public WritableText(Vocabulary vocabulary, IReadOnlySet<int> endTokens)
        : this(vocabulary, BytesOf(vocabulary, endTokens))
    {
    }

    private WritableText(Vocabulary? vocabulary, bool[] bytes)
    {
        (_vocabulary, _bytes) = (vocabulary, bytes);
        IsEverything = Enumerable.Range(0, 256).All(b => bytes[b] || IsNeverInUtf8(b));
        _hasBytesPastAscii = Enumerable.Range(0x80, 0x80).Any(b => bytes[b] && !IsNeverInUtf8(b));
        _ranges = new(FindRanges);
    }

    public bool IsEverything { get; }

    /// <summary>The code points that can be written, in rising order, at most the first 256 ranges. Worked out once, where a pattern asks for it.</summary>
    public IReadOnlyList<(int Low, int High)> Ranges => _ranges.Value;

    public bool Holds(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..rune.EncodeToUtf8(utf8)];
        if (!rune.IsAscii && !_hasBytesPastAscii)
        {
            return _vocabulary?.Find(utf8) >= 0;
        }

        foreach (var unit in utf8)
        {
            if (!_bytes[unit])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a character of which <paramref name="left"/> bytes are to come, the next one of a range, can be ended.</summary>
    public bool CanEnd(int left, byte low, byte high) =>
        IsEverything || !_hasBytesPastAscii
        || (_bytes.AsSpan(low, high - low + 1).Contains(true) && (left == 1 || _bytes.AsSpan(0x80, 0x40).Contains(true)));

    private static bool IsNeverInUtf8(int unit) => unit is 0xC0 or 0xC1 or >= 0xF5;

    private static bool[] BytesOf(Vocabulary vocabulary, IReadOnlySet<int> endTokens)
    {
        var bytes = new bool[256];
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.BytesOf(id) is [var only] && vocabulary.IsText(id) && !endTokens.Contains(id))
            {
                bytes[only] = true;
            }
        }

        return bytes;
    }

    private (int Low, int High)[] FindRanges()
    {
        if (IsEverything)
        {
            return [(0, 0x10FFFF)];
        }

        var ranges = new List<(int Low, int High)>();
        for (var value = 0; value <= 0x10FFFF && ranges.Count <= RangesMax; value++)
        {
            if (!Rune.TryCreate(value, out var rune) || !Holds(rune))
            {
                continue;
            }

            if (ranges.Count > 0 && ranges[^1].High == value - 1)
            {
                ranges[^1] = (ranges[^1].Low, value);
            }
            else
            {
                ranges.Add((value, value));
            }
        }

        return [.. ranges.Take(RangesMax)];
    }
}
