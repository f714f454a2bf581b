using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>A mapping that keeps its order and the origin of its keys. As in Python, equal numbers are one key: 1, 1.0 and true.</summary>
internal sealed class TemplateMap
{
    private static readonly object NoneKey = new();
    private static readonly object MissingKey = new();

    private readonly OrderedDictionary<object, (object? Key, object? Value)> _entries = [];

    /// <summary>True for a namespace: the only kind that "set" may change.</summary>
    public bool IsNamespace { get; init; }

    public int Count => _entries.Count;

    public IEnumerable<(object? Key, object? Value)> Entries => _entries.Values;

    public bool Has(object? key) => _entries.ContainsKey(Identity(key));

    public bool TryGet(string key, [MaybeNullWhen(false)] out object? value) => TryGetBy(key, out value);

    public bool TryGet(object? key, [MaybeNullWhen(false)] out object? value) => TryGetBy(Identity(key), out value);

    public void Set(string key, object? value) => _entries[key] = (SpanString.Template(key), value);

    public void Set(object? key, object? value)
    {
        // Python keeps the first of two equal keys.
        var identity = Identity(key);
        _entries[identity] = (_entries.TryGetValue(identity, out var before) ? before.Key : key, value);
    }

    public bool Remove(object? key) => _entries.Remove(Identity(key));

    private bool TryGetBy(object identity, out object? value)
    {
        var isThere = _entries.TryGetValue(identity, out var entry);
        value = entry.Value;
        return isThere;
    }

    private static object Identity(object? key) => key switch
    {
        string name => name,
        SpanString text => text.Text,
        null => NoneKey,
        Undefined => MissingKey,
        bool flag => flag ? 1L : 0L,
        long or BigInteger => key,
        double number when Math.Floor(number) == number && Math.Abs(number) < 1L << 53 => (long)number,
        double => key,
        _ => throw new RenderFault($"{Values.NameOf(key)} cannot be a key of a mapping"),
    };
}
