namespace Holdfast.Engine.Constraints;

/// <summary>A small set of configurations that is filled again and again while a trie is walked.</summary>
internal sealed class ConfigSet
{
    /// <summary>More ways than this at once are dropped; compiling refuses schemas that could need them. Enough for 128 tools in one choice.</summary>
    public const int CountMax = 288;

    private readonly Config[] _items = new Config[CountMax];

    public int Count { get; private set; }

    public ReadOnlySpan<Config> Items => _items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(in Config config)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_items[i] == config)
            {
                return;
            }
        }

        if (Count < CountMax)
        {
            _items[Count++] = config;
        }
    }
}
