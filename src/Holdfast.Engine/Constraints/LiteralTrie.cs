namespace Holdfast.Engine.Constraints;

/// <summary>Several byte texts as a trie: node 0 is the root; a text ends where <see cref="ValueAt"/> is not -1.</summary>
internal sealed class LiteralTrie
{
    private readonly List<Dictionary<byte, int>> _next = [[]];
    private readonly List<int> _values = [-1];

    public int Nodes => _values.Count;

    public void Add(ReadOnlySpan<byte> text, int value)
    {
        var node = 0;
        foreach (var unit in text)
        {
            if (!_next[node].TryGetValue(unit, out var next))
            {
                next = _values.Count;
                _next[node][unit] = next;
                _next.Add([]);
                _values.Add(-1);
            }

            node = next;
        }

        _values[node] = value;
    }

    /// <summary>The node behind a byte, or -1.</summary>
    public int Step(int node, byte unit) => _next[node].TryGetValue(unit, out var next) ? next : -1;

    public int ValueAt(int node) => _values[node];

    public bool HasMore(int node) => _next[node].Count > 0;
}
