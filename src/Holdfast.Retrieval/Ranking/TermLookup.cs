using Holdfast.Retrieval.Analysis;

namespace Holdfast.Retrieval.Ranking;

/// <summary>
/// Says which term of the question a word of a text is. Words repeat, so each spelling is folded and stemmed once: a lookup of a
/// known spelling costs a hash of its letters and no allocation.
/// </summary>
internal sealed class TermLookup
{
    // The different spellings of 200 passages are some thousands; past the bound the table starts anew.
    private const int SpellingsMax = 32_768;

    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _termsBySpan;
    private readonly Dictionary<string, int> _spellings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spellingsBySpan;

    public TermLookup(IReadOnlyList<QueryTerm> terms)
    {
        for (var index = 0; index < terms.Count; index++)
        {
            _terms[terms[index].Text] = index;
        }

        _termsBySpan = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        _spellingsBySpan = _spellings.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Index of the term, -1 when the question does not have it.</summary>
    public int Find(ReadOnlySpan<char> word)
    {
        if (_spellingsBySpan.TryGetValue(word, out var known))
        {
            return known;
        }

        Span<char> buffer = stackalloc char[TermWriter.UnitsMax];
        var length = TermWriter.Write(word, buffer);
        var index = length > 0 && _termsBySpan.TryGetValue(buffer[..length], out var found) ? found : -1;
        if (_spellings.Count == SpellingsMax)
        {
            _spellings.Clear();
        }

        _spellings.Add(word.ToString(), index);
        return index;
    }
}
