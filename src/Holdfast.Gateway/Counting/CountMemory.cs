namespace Holdfast.Gateway.Counting;

/// <summary>
/// Remembers the counts of texts that came lately: a chat sends its system prompt and all earlier messages again with each turn.
/// Two generations: when the young one is full it becomes the old one and the old one goes, so a text in use stays and the memory is
/// bounded by twice <c>charsMax</c>. Texts are compared whole. Cost of a hit: one hash of the text, against 12.5 us for a count of
/// 1,000 characters. Guarded by <c>_gate</c>.
/// </summary>
internal sealed class CountMemory(int charsMax)
{
    /// <summary>A shorter text is counted as fast as it is looked up.</summary>
    public const int TextCharsMin = 64;

    private readonly Lock _gate = new();
    private Dictionary<string, int> _young = [];
    private Dictionary<string, int> _old = [];
    private int _youngChars;

    /// <summary>Characters remembered.</summary>
    public int Chars
    {
        get
        {
            lock (_gate)
            {
                return _young.Keys.Sum(static text => text.Length) + _old.Keys.Sum(static text => text.Length);
            }
        }
    }

    public bool TryFind(string text, out int tokens)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(text, out tokens))
            {
                return true;
            }

            if (!_old.TryGetValue(text, out tokens))
            {
                return false;
            }

            AddLocked(text, tokens);
            return true;
        }
    }

    public void Add(string text, int tokens)
    {
        if (text.Length >= TextCharsMin && text.Length <= charsMax / 4)
        {
            lock (_gate)
            {
                AddLocked(text, tokens);
            }
        }
    }

    private void AddLocked(string text, int tokens)
    {
        if (_youngChars + text.Length > charsMax)
        {
            (_old, _young) = (_young, []);
            _youngChars = 0;
        }

        if (_young.TryAdd(text, tokens))
        {
            _youngChars += text.Length;
        }
    }
}
