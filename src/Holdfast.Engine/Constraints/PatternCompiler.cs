using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>Makes the automaton of <see cref="PatternParser"/> deterministic and drops what leads nowhere.</summary>
internal static class PatternCompiler
{
    private const int StatesMax = 500;

    // States looked at while sets are built: a pattern of nested counts would take minutes.
    private const int WorkMax = 10_000_000;

    // What JSON can hold without \u, of which the vocabulary may lack some: control characters other than \b \t \n \f \r are left out, and so are surrogates.
    private static readonly (int Low, int High)[] Writable = [('\b', '\n'), ('\f', '\r'), (' ', 0xD7FF), (0xE000, 0x10FFFF)];

    public static PatternAutomaton Compile(string pattern, WritableText writable)
    {
        (int Low, int High)[] kept = [.. Writable.SelectMany(w => Clip(writable.Ranges, w.Low, w.High))];
        var (start, end, states, edges, empty) = PatternParser.Parse(pattern);
        var closures = Closures(states, empty);
        var byState = edges.ToLookup(e => e.From);
        var sets = new List<int[]>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var table = new List<List<(int Low, int High, int Target)>>();
        var work = 0L;
        IdOf([start]);
        for (var i = 0; i < sets.Count; i++)
        {
            table.Add([]);
            var leaving = sets[i].SelectMany(s => byState[s]).SelectMany(e => Clip(kept, e.Low, e.High).Select(k => (e.From, k.Low, k.High, e.To))).ToList();
            foreach (var (low, high) in Pieces(leaving))
            {
                var targets = leaving.Where(e => e.Low <= low && e.High >= high).Select(e => e.To).Distinct();
                table[i].Add((low, high, IdOf(targets)));
            }
        }

        return Trim(table, sets.Select(s => s.Contains(end)).ToList())
            ?? throw new SchemaFault($"'pattern' matches no text that can be written{(writable.IsEverything ? "" : " with this model's vocabulary")}: {pattern}");

        int IdOf(IEnumerable<int> targets)
        {
            var reached = targets as IReadOnlyCollection<int> ?? [.. targets];
            work += reached.Sum(t => (long)closures[t].Length);
            if (work > WorkMax)
            {
                throw new SchemaFault($"'pattern' takes too much work to enforce: {pattern}");
            }

            var set = reached.SelectMany(t => closures[t]).Distinct().Order().ToArray();
            var key = string.Join(',', set);
            if (!ids.TryGetValue(key, out var id))
            {
                id = ids[key] = sets.Count < StatesMax ? sets.Count : throw new SchemaFault($"'pattern' needs more than {StatesMax} states: {pattern}");
                sets.Add(set);
            }

            return id;
        }
    }

    private static int[][] Closures(int states, List<(int From, int To)> empty)
    {
        var next = empty.ToLookup(e => e.From, e => e.To);
        var closures = new int[states][];
        for (var state = 0; state < states; state++)
        {
            var seen = new HashSet<int> { state };
            var open = new Stack<int>([state]);
            while (open.TryPop(out var at))
            {
                foreach (var to in next[at])
                {
                    if (seen.Add(to))
                    {
                        open.Push(to);
                    }
                }
            }

            closures[state] = [.. seen];
        }

        return closures;
    }

    private static IEnumerable<(int Low, int High)> Clip(IReadOnlyList<(int Low, int High)> ranges, int first, int last) =>
        ranges.Where(r => first <= r.High && last >= r.Low).Select(r => (Math.Max(r.Low, first), Math.Min(r.High, last)));

    // The pieces between all borders that some edge covers.
    private static IEnumerable<(int Low, int High)> Pieces(List<(int From, int Low, int High, int To)> edges)
    {
        var borders = edges.SelectMany(e => new[] { e.Low, e.High + 1 }).Distinct().Order().ToArray();
        for (var i = 0; i + 1 < borders.Length; i++)
        {
            var (low, high) = (borders[i], borders[i + 1] - 1);
            if (edges.Exists(e => e.Low <= low && e.High >= high))
            {
                yield return (low, high);
            }
        }
    }

    // Null where nothing leads to an end.
    private static PatternAutomaton? Trim(List<List<(int Low, int High, int Target)>> table, List<bool> isAccepting)
    {
        var alive = isAccepting.ToArray();
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            for (var i = 0; i < table.Count; i++)
            {
                if (!alive[i] && table[i].Exists(e => alive[e.Target]))
                {
                    alive[i] = hasChanged = true;
                }
            }
        }

        return alive[0]
            ? new PatternAutomaton([.. table.Select(edges => edges.Where(e => alive[e.Target]).ToArray())], isAccepting)
            : null;
    }
}
