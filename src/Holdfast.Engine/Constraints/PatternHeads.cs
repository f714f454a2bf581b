namespace Holdfast.Engine.Constraints;

/// <summary>
/// The looks ahead that a pattern begins with, "^(?!...)(?=...)...": each is a pattern of its own, which the whole text must match or must
/// not. A group around a whole pattern is taken off before. A pattern that begins so and is a choice at the top is left as it is, for there they belong to the first alternative alone.
/// </summary>
internal sealed record PatternHeads(string Rest, IReadOnlyList<(bool IsForbidden, string Pattern)> Heads)
{
    private const int GroupsMax = 3;

    public static PatternHeads Of(string pattern)
    {
        // A group around all of it is none, and what stands in it may be anchored.
        for (var i = 0; i < GroupsMax && OpeningOf(pattern) is > 0 and var opening && EndOf(pattern, opening, []) == pattern.Length - 1; i++)
        {
            pattern = pattern[opening..^1];
        }

        var heads = new List<(bool, string)>();
        var place = 1;
        while (pattern.StartsWith('^') && (pattern.AsSpan(place).StartsWith("(?!") || pattern.AsSpan(place).StartsWith("(?=")))
        {
            var bars = new List<int>();
            var end = EndOf(pattern, place + 3, bars);
            if (end == pattern.Length)
            {
                break;
            }

            heads.Add((pattern[place + 2] == '!', Anchored(pattern, [place + 2, .. bars, end])));
            place = end + 1;
        }

        var choices = new List<int>();
        EndOf(pattern, place, choices);
        return heads.Count > 0 && choices.Count == 0 ? new PatternHeads($"^{pattern[place..]}", heads) : new PatternHeads(pattern, []);
    }

    private static int OpeningOf(string pattern) =>
        pattern.StartsWith("(?:", StringComparison.Ordinal) ? 3 : pattern.StartsWith('(') && !pattern.StartsWith("(?", StringComparison.Ordinal) ? 1 : 0;

    // The alternatives between bars, each from the beginning of the text on; some say so themselves (Pydantic's Decimal).
    private static string Anchored(string pattern, IReadOnlyList<int> bars) =>
        string.Join('|', bars.Zip(bars.Skip(1), (from, to) => pattern[(from + 1)..to]).Select(part => part.StartsWith('^') ? part : "^" + part));

    // Where the group that is open at a place ends; collects the bars of its own choice.
    private static int EndOf(string pattern, int place, List<int> bars)
    {
        var (depth, isInClass) = (0, false);
        for (; place < pattern.Length; place++)
        {
            switch (pattern[place])
            {
                case '\\':
                    place++;
                    break;
                case '[' or ']':
                    isInClass = pattern[place] == '[';
                    break;
                case '(' when !isInClass:
                    depth++;
                    break;
                case ')' when !isInClass && depth-- == 0:
                    return place;
                case '|' when !isInClass && depth == 0:
                    bars.Add(place);
                    break;
            }
        }

        return pattern.Length;
    }
}
