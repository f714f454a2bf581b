using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Finds special tokens in a text. A special one is found only where every character of it came from a template, so no caller can
/// write one. User-defined tokens made of spaces alone are mere compression and are found everywhere.
/// A trie over UTF-16 units; the longest match at the leftmost place wins.
/// </summary>
internal sealed class SpecialTokens
{
    private readonly Node _root = new();

    public SpecialTokens(Vocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.KindOf(id) is TokenKind.Control or TokenKind.UserDefined or TokenKind.Unknown)
            {
                Add(Encoding.UTF8.GetString(vocabulary.BytesOf(id)), id, vocabulary.KindOf(id));
            }
        }
    }

    /// <summary>The ids by name; the first where a name comes twice.</summary>
    public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest special token at <paramref name="start"/>, or -1. <paramref name="templateEnd"/>: how far template text reaches from there.</summary>
    public int Find(ReadOnlySpan<char> text, int start, int templateEnd, out int length)
    {
        var found = -1;
        length = 0;
        var node = _root;
        for (var i = start; i < text.Length && node.Next is not null; i++)
        {
            if (!node.Next.TryGetValue(text[i], out node!))
            {
                break;
            }

            if (node.Id >= 0 && (node.IsSpaces || i < templateEnd))
            {
                found = node.Id;
                length = i + 1 - start;
            }
        }

        return found;
    }

    private void Add(string name, int id, TokenKind kind)
    {
        if (name.Length == 0 || !Names.TryAdd(name, id))
        {
            return;
        }

        var node = _root;
        foreach (var unit in name)
        {
            node.Next ??= [];
            if (!node.Next.TryGetValue(unit, out var next))
            {
                node.Next[unit] = next = new Node();
            }

            node = next;
        }

        node.Id = id;
        node.IsSpaces = kind == TokenKind.UserDefined && string.IsNullOrWhiteSpace(name);
    }

    private sealed class Node
    {
        public int Id { get; set; } = -1;

        public bool IsSpaces { get; set; }

        public Dictionary<char, Node>? Next { get; set; }
    }
}
