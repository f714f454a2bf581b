using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Every token's bytes, and the way back. One blob, one offset a token, one open-addressed table of ids: about
/// 12 bytes a token above the text itself (151,936 tokens of Qwen2: 3.0 MB).
/// Control tokens have text but are not in the table: no text of a caller can find them.
/// </summary>
internal sealed class Vocabulary
{
    private readonly byte[] _blob;
    private readonly int[] _offsets;
    private readonly TokenKind[] _kinds;
    private readonly int[] _table;

    public Vocabulary(TokenizerData data)
    {
        Count = data.Tokens.Count;
        if (data.Types.Count != 0 && data.Types.Count != Count)
        {
            throw new TokenizerDataException($"tokenizer.ggml.token_type has {data.Types.Count} entries; tokenizer.ggml.tokens has {Count}");
        }

        _kinds = new TokenKind[Count];
        _offsets = new int[Count + 1];
        var blob = new List<byte>(Count * 8);
        for (var id = 0; id < Count; id++)
        {
            _kinds[id] = data.Types.Count == 0 ? TokenKind.Normal : (TokenKind)data.Types[id];
            var bytes = BytesOf(data, data.Tokens[id], _kinds[id]);
            BytesMax = Math.Max(BytesMax, bytes.Length);
            blob.AddRange(bytes);
            _offsets[id + 1] = blob.Count;
        }

        _blob = [.. blob];
        _table = BuildTable();
    }

    public int Count { get; }

    /// <summary>Length of the longest token.</summary>
    public int BytesMax { get; }

    /// <summary>Bytes this object holds, for the memory report.</summary>
    public long HeldBytes => _blob.Length + (4L * (_offsets.Length + _kinds.Length + _table.Length));

    public TokenKind KindOf(int id) => _kinds[id];

    /// <summary>The bytes that a token stands for; of a control token the bytes of its name.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _blob.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);

    /// <summary>True for tokens that are text in an answer: all but control, unknown and unused ones.</summary>
    public bool IsText(int id) => _kinds[id] is TokenKind.Normal or TokenKind.UserDefined or TokenKind.Byte;

    /// <summary>The normal token of these bytes (the lowest id where several have them), or -1.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        var slot = Hash(bytes) & (uint)(_table.Length - 1);
        while (_table[slot] >= 0)
        {
            if (BytesOf(_table[slot]).SequenceEqual(bytes))
            {
                return _table[slot];
            }

            slot = (slot + 1) & (uint)(_table.Length - 1);
        }

        return -1;
    }

    /// <summary>Which bytes are a token by themselves: such a byte of a text is always part of one, whatever becomes of the others.</summary>
    public bool[] OwnBytes()
    {
        var own = new bool[256];
        for (var id = 0; id < Count; id++)
        {
            if (_kinds[id] is TokenKind.Normal or TokenKind.Byte && BytesOf(id) is [var only])
            {
                own[only] = true;
            }
        }

        return own;
    }

    private static byte[] BytesOf(TokenizerData data, string token, TokenKind kind) => (data.Model, kind) switch
    {
        (_, TokenKind.Control or TokenKind.UserDefined or TokenKind.Unknown) => Encoding.UTF8.GetBytes(token),
        (TokenizerModels.Bpe, _) => ByteAlphabet.Decode(token),
        (_, TokenKind.Byte) => [ByteNamed(token)],
        (TokenizerModels.SentencePiece, _) => Encoding.UTF8.GetBytes(token.Replace('\u2581', ' ')),
        _ => Encoding.UTF8.GetBytes(token),
    };

    private static byte ByteNamed(string token) =>
        token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new TokenizerDataException($"tokenizer.ggml.tokens has a byte token named {token}; it must look like <0x0A>");

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 16777619u;
        }

        return hash ^ (hash >> 15);
    }

    private int[] BuildTable()
    {
        var size = 1024;
        while (size < Count * 2)
        {
            size *= 2;
        }

        var table = new int[size];
        Array.Fill(table, -1);
        for (var id = 0; id < Count; id++)
        {
            if (_kinds[id] != TokenKind.Normal)
            {
                continue;
            }

            var slot = Hash(BytesOf(id)) & (uint)(size - 1);
            while (table[slot] >= 0 && !BytesOf(table[slot]).SequenceEqual(BytesOf(id)))
            {
                slot = (slot + 1) & (uint)(size - 1);
            }

            table[slot] = table[slot] >= 0 ? table[slot] : id;
        }

        return table;
    }
}
