namespace Holdfast.Engine.Constraints;

/// <summary>
/// Several byte texts as a trie, each with a number: node 0 is the root, a text ends where <see cref="ValueAt"/> is not -1. A node also
/// knows the numbers below it, so that the walk can be kept to some of the texts. About 60 bytes a node.
/// </summary>
internal sealed class LiteralTrie
{
    private readonly Dictionary<int, int> _next = [];
    private readonly List<int> _values = [-1];
    private readonly List<int> _fanout = [0];
    private readonly List<List<int>?> _below = [null];

    public int Nodes => _values.Count;

    /// <summary>Numbers must come in rising order, or all be the same.</summary>
    public void Add(ReadOnlySpan<byte> text, int value)
    {
        var node = 0;
        Below(node, value);
        foreach (var unit in text)
        {
            if (!_next.TryGetValue((node << 8) | unit, out var next))
            {
                next = _values.Count;
                _next[(node << 8) | unit] = next;
                _fanout[node]++;
                _values.Add(-1);
                _fanout.Add(0);
                _below.Add(null);
            }

            node = next;
            Below(node, value);
        }

        _values[node] = value;
    }

    /// <summary>The node behind a byte, or -1.</summary>
    public int Step(int node, byte unit) => _next.TryGetValue((node << 8) | unit, out var next) ? next : -1;

    public int ValueAt(int node) => _values[node];

    public bool HasMore(int node) => _fanout[node] > 0;

    /// <summary>Whether a text below the node, or at it, has a number of the range.</summary>
    public bool LeadsTo(int node, int low, int high)
    {
        if (_below[node] is not { } below)
        {
            return false;
        }

        var place = below.BinarySearch(low);
        place = place < 0 ? ~place : place;
        return place < below.Count && below[place] <= high;
    }

    private void Below(int node, int value)
    {
        var below = _below[node] ??= new List<int>(1);
        if (below.Count == 0 || below[^1] != value)
        {
            below.Add(value);
        }
    }
}
