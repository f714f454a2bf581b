using System.Collections.Frozen;

namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// English words that carry no subject. They stay in the index (a question may be made of nothing else, and `with`, `for` and
/// `while` are names in a manual of a language); a question drops them when it has other words.
/// </summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Words = (
        "a about am an and any are as at be been but by can could did do does doing done for from get gets getting got had has have "
        + "having how i if in into is isn isnt it its just like make me my need no nor not of on or our over per please really s "
        + "should so some such t than that the their them then there these they this those thus to too under until up us use used "
        + "using very via want was way we were what whats when where whether which while who whom whose why will with within without "
        + "would you your").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => Lookup.Contains(word);
}
