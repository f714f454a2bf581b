using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>Makes the automaton of <see cref="PatternParser"/> deterministic and drops what leads nowhere.</summary>
internal static class PatternCompiler
{
    public const int StatesMax = 1100;

    // What a state costs besides, in the time that one look takes.
    public const int StateWork = 200;

    // What JSON can hold without \u, of which the vocabulary may lack some: control characters other than \b \t \n \f \r are left out, and so are surrogates.
    private static readonly (int Low, int High)[] Writable = [('\b', '\n'), ('\f', '\r'), (' ', 0xD7FF), (0xE000, 0x10FFFF)];

    /// <param name="pattern">The regular expression.</param>
    /// <param name="writable">What the model can write.</param>
    /// <param name="spend">Told of states and edges before they are looked at; it throws when they are too many.</param>
    public static PatternAutomaton Compile(string pattern, WritableText writable, Action<long> spend)
    {
        (int Low, int High)[] kept = [.. Writable.SelectMany(w => Clip(writable.Ranges, w.Low, w.High))];
        var (start, end, states, edges, empty) = PatternParser.Parse(pattern);
        var closures = Closures(states, empty, spend);
        var byState = edges.ToLookup(e => e.From);
        var sets = new List<int[]>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var table = new List<List<(int Low, int High, int Target)>>();
        IdOf([start]);
        for (var i = 0; i < sets.Count; i++)
        {
            table.Add([]);
            var leaving = sets[i].SelectMany(s => byState[s]).SelectMany(e => Clip(kept, e.Low, e.High).Select(k => (e.From, k.Low, k.High, e.To))).ToList();
            foreach (var (low, high) in Pieces(leaving))
            {
                spend(leaving.Count);
                var targets = leaving.Where(e => e.Low <= low && e.High >= high).Select(e => e.To).Distinct();
                table[i].Add((low, high, IdOf(targets)));
            }
        }

        return Trim(table, sets.Select(s => s.Contains(end)).ToList())
            ?? throw new SchemaFault($"'pattern' matches no text that can be written{(writable.IsEverything ? "" : " with this model's vocabulary")}: {pattern}");

        int IdOf(IEnumerable<int> targets)
        {
            var reached = targets as IReadOnlyCollection<int> ?? [.. targets];
            spend(reached.Sum(t => (long)closures[t].Length));
            var set = reached.SelectMany(t => closures[t]).Distinct().Order().ToArray();
            var key = string.Join(',', set);
            if (!ids.TryGetValue(key, out var id))
            {
                id = ids[key] = sets.Count < StatesMax ? sets.Count : throw new SchemaFault($"'pattern' needs more than {StatesMax} states: {pattern}");
                sets.Add(set);
                spend(StateWork);
            }

            return id;
        }
    }

    private static int[][] Closures(int states, List<(int From, int To)> empty, Action<long> spend)
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

            spend(seen.Count);
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

    /// <summary>Null where nothing leads to an end.</summary>
    public static PatternAutomaton? Trim(List<List<(int Low, int High, int Target)>> table, List<bool> isAccepting)
    {
        var alive = isAccepting.ToArray();
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            // From the end, because most edges lead to later states.
            for (var i = table.Count - 1; i >= 0; i--)
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
