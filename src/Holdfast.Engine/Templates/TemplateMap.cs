using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Engine.Templates;

/// <summary>A mapping that keeps its order and the origin of its keys.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<string, (SpanString Key, object? Value)> _entries = new(StringComparer.Ordinal);

    /// <summary>True for a namespace: the only kind that "set" may change.</summary>
    public bool IsNamespace { get; init; }

    public int Count => _entries.Count;

    public IEnumerable<(SpanString Key, object? Value)> Entries => _entries.Values;

    public bool Has(string key) => _entries.ContainsKey(key);

    public bool TryGet(string key, [MaybeNullWhen(false)] out object? value)
    {
        var isThere = _entries.TryGetValue(key, out var entry);
        value = entry.Value;
        return isThere;
    }

    public void Set(SpanString key, object? value) => _entries[key.Text] = (key, value);

    public void Set(string key, object? value) => Set(SpanString.Template(key), value);

    public bool Remove(string key) => _entries.Remove(key);
}
