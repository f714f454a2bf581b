namespace Holdfast.Engine.Constraints;

/// <summary>
/// A regular expression as a deterministic automaton over code points. States from which no accepting one can be reached are gone,
/// so a string that has begun can always be ended.
/// </summary>
internal sealed class PatternAutomaton(IReadOnlyList<(int Low, int High, int Target)[]> edges, IReadOnlyList<bool> isAccepting)
{
    // One letter each of the scripts that vocabularies hold most words of.
    private const string OtherLetters = "éжあ中한ا";
    private const int OtherLettersWeight = 20;
    private const int RestCost = 8;

    private readonly int[] _plainRunes = CountPlain(edges);
    private int? _walkCost;

    /// <summary>
    /// What a walk over a vocabulary costs from the widest state, in thousands of bytes tried. Fitted to 15 patterns on the 151,936 tokens
    /// of Qwen2, within a factor of two: with the space, which most words begin with, it grows with the square of the characters allowed
    /// (6: 1, 14: 8, 63: 149, 94: 322), without it more slowly (26: 30, 63: 69). Where any text may follow only the rest is walked.
    /// </summary>
    public int WalkCost => _walkCost ??= Enumerable.Range(0, edges.Count).Max(state => PlainRunesFrom(state) < VocabularyMasks.PlainRunesMax ? WalkCostAt(state) : RestCost);

    public int States => edges.Count;

    public int Edges => edges.Sum(e => e.Length);

    /// <summary>In rising order.</summary>
    public IReadOnlyList<(int Low, int High, int Target)> EdgesFrom(int state) => edges[state];

    public bool IsAccepting(int state) => isAccepting[state];

    /// <summary>So many plain code points (<see cref="PlainRunes"/>) may follow whatever they are, up to the longest plain token.</summary>
    public int PlainRunesFrom(int state) => _plainRunes[state];

    /// <summary>The state behind a code point, or -1.</summary>
    public int Next(int state, int rune)
    {
        foreach (var (low, high, target) in edges[state])
        {
            if (rune >= low && rune <= high)
            {
                return target;
            }
        }

        return -1;
    }

    /// <summary>Whether any code point of a range leads on.</summary>
    public bool LeadsOn(int state, int low, int high)
    {
        foreach (var edge in edges[state])
        {
            if (edge.Low <= high && edge.High >= low)
            {
                return true;
            }
        }

        return false;
    }

    private int WalkCostAt(int state)
    {
        var allowed = Enumerable.Range(' ', '~' + 1 - ' ').Count(unit => LeadsOn(state, unit, unit))
            + (OtherLetters.Any(letter => LeadsOn(state, letter, letter)) ? OtherLettersWeight : 0);
        allowed = Math.Min(allowed, '~' + 1 - ' ');
        var squared = allowed * allowed / 25;
        return LeadsOn(state, ' ', ' ') ? squared : Math.Min(squared, allowed * 8 / 7);
    }

    // Round by round: n code points may follow where every plain one leads to where n - 1 may.
    private static int[] CountPlain(IReadOnlyList<(int Low, int High, int Target)[]> edges)
    {
        var counts = new int[edges.Count];
        var takesAll = edges.Select(PlainRunes.AreTakenBy).ToArray();
        for (var most = 1; most <= VocabularyMasks.PlainRunesMax; most++)
        {
            var before = counts.ToArray();
            for (var state = 0; state < counts.Length; state++)
            {
                if (before[state] == most - 1 && takesAll[state] && Array.TrueForAll(edges[state], e => before[e.Target] >= most - 1 || !PlainRunes.Meets(e.Low, e.High)))
                {
                    counts[state] = most;
                }
            }
        }

        return counts;
    }
}
