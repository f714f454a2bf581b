using System.Buffers;
using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>Strict UTF-8: overlong forms, surrogates and code points past U+10FFFF are faults (llama.cpp takes some and aborts on others).</summary>
internal static class Utf8Text
{
    /// <summary>False leaves the offset of the first bad byte.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, out string text, out int faultOffset)
    {
        var offset = 0;
        while (offset < utf8.Length)
        {
            if (Rune.DecodeFromUtf8(utf8[offset..], out _, out var width) != OperationStatus.Done)
            {
                text = "";
                faultOffset = offset;
                return false;
            }

            offset += width;
        }

        text = Encoding.UTF8.GetString(utf8);
        faultOffset = -1;
        return true;
    }

    /// <summary>Bytes of the sequence that starts with <paramref name="lead"/>; 0 for a byte that starts none.</summary>
    public static int WidthOf(byte lead) => lead switch
    {
        < 0x80 => 1,
        < 0xC2 => 0,
        < 0xE0 => 2,
        < 0xF0 => 3,
        < 0xF5 => 4,
        _ => 0,
    };
}
