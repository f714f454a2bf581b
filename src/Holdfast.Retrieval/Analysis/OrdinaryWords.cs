using System.Collections.Frozen;

namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// English words that questions are made of whatever their subject. A small collection may lack them, and that says little about
/// whether it answers: they count less than a missing name does. In the ranking they are words like any other.
/// </summary>
internal static class OrdinaryWords
{
    private static readonly FrozenSet<string> Words = (
        "able after again all allow allowed allows already also always another anything ask asked back bad because before best "
        + "better between big both call called come comes day days different down during each else even ever every everything "
        + "example few find finds first found gave give given gives go goes going gone good happen happened happening happens help "
        + "here instead keep keeps kept know known last least less let lets like long look looks made make makes making many mean "
        + "means more most much must need needed needs never new next now off often ok okay old one only other others out own part "
        + "people person place possible put puts rather right said same say says second see seen several show shows since small "
        + "some someone something sometimes soon still take taken takes taking tell tells thing things think three time times today "
        + "told took tried tries try trying two want wanted wants way ways week weeks well went work worked working works wrong "
        + "year years").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => Lookup.Contains(word);
}
