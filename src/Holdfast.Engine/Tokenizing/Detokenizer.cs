using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Turns the tokens of one generation into text as they come. A character whose bytes are spread over tokens is held back until
/// it is whole; bytes that can no longer become one are given out as U+FFFD. At most three bytes are held.
/// </summary>
internal sealed class Detokenizer(Vocabulary vocabulary)
{
    private readonly byte[] _held = new byte[4];
    private readonly StringBuilder _text = new();
    private int _heldCount;

    /// <summary>Appends what the token completes; special tokens give nothing.</summary>
    public void Append(int id, StringBuilder text)
    {
        if (!vocabulary.IsText(id))
        {
            return;
        }

        Append(vocabulary.BytesOf(id), text);
    }

    public string Append(int id)
    {
        Append(id, _text);
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    /// <summary>At the end of the generation: an unfinished character becomes U+FFFD.</summary>
    public string Flush()
    {
        var rest = _heldCount > 0 ? "\uFFFD" : "";
        _heldCount = 0;
        return rest;
    }

    /// <summary>All at once, for tests and counts.</summary>
    public static string Decode(Vocabulary vocabulary, IEnumerable<int> ids)
    {
        var text = new StringBuilder();
        var detokenizer = new Detokenizer(vocabulary);
        foreach (var id in ids)
        {
            detokenizer.Append(id, text);
        }

        return text.Append(detokenizer.Flush()).ToString();
    }

    private void Append(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        Span<byte> joined = stackalloc byte[4];
        while (_heldCount > 0 && bytes.Length > 0)
        {
            _held.AsSpan(0, _heldCount).CopyTo(joined);
            joined[_heldCount] = bytes[0];
            var status = Rune.DecodeFromUtf8(joined[..(_heldCount + 1)], out var rune, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
            {
                _held[_heldCount++] = bytes[0];
                bytes = bytes[1..];
                continue;
            }

            // Invalid: the held bytes are given up, the new one is looked at again.
            bytes = status == System.Buffers.OperationStatus.Done ? bytes[(used - _heldCount)..] : bytes;
            Append(rune, text);
            _heldCount = 0;
        }

        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
            {
                bytes.CopyTo(_held);
                _heldCount = bytes.Length;
                return;
            }

            Append(rune, text);
            bytes = bytes[used..];
        }
    }

    /// <summary>Without the box and the string that <see cref="StringBuilder"/> makes of a rune.</summary>
    private static void Append(Rune rune, StringBuilder text)
    {
        Span<char> units = stackalloc char[2];
        text.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
