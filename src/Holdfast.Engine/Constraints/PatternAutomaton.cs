namespace Holdfast.Engine.Constraints;

/// <summary>
/// A regular expression as a deterministic automaton over code points. States from which no accepting one can be reached are gone,
/// so a string that has begun can always be ended.
/// </summary>
internal sealed class PatternAutomaton(IReadOnlyList<(int Low, int High, int Target)[]> edges, IReadOnlyList<bool> isAccepting)
{
    public int States => edges.Count;

    public int Edges => edges.Sum(e => e.Length);

    public bool IsAccepting(int state) => isAccepting[state];

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
}
