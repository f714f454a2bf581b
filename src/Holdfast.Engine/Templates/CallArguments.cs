namespace Holdfast.Engine.Templates;

/// <summary>Evaluated arguments of one call.</summary>
internal sealed record CallArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static readonly CallArguments None = new([], new Dictionary<string, object?>());

    public int Count => Positional.Count + Named.Count;

    /// <summary>The argument at a place or of a name, or the default.</summary>
    public object? Get(int place, string name, object? otherwise = null) =>
        place < Positional.Count ? Positional[place] : Named.TryGetValue(name, out var value) ? value : otherwise;

    public bool Has(int place, string name) => place < Positional.Count || Named.ContainsKey(name);

    public string Text(int place, string name, string what) =>
        Get(place, name) is SpanString text ? text.Text : throw new RenderFault($"{what} needs a text");

    public int Whole(int place, string name, int otherwise) => Get(place, name) switch
    {
        null => otherwise,
        long whole => (int)Math.Clamp(whole, int.MinValue, int.MaxValue),
        bool flag => flag ? 1 : 0,
        _ => throw new RenderFault($"'{name}' must be a whole number"),
    };

    public CallArguments After(int count) => new([.. Positional.Skip(count)], Named);
}
