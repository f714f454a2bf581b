using System.Buffers;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Writes UTF-8 bytes as a quoted JSON string. Only what JSON demands is escaped: quotes, backslashes and control characters.
/// Cost: one vectorised search and one copy for each run between two of them; the library's encoder looks at each byte behind the first.
/// </summary>
internal static class JsonBytes
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\', 127]);

    public static void WriteQuoted(IBufferWriter<byte> to, ReadOnlySpan<byte> utf8)
    {
        to.Write("\""u8);
        while (utf8.IndexOfAny(Special) is var at and >= 0)
        {
            to.Write(utf8[..at]);
            Escape(to, utf8[at]);
            utf8 = utf8[(at + 1)..];
        }

        to.Write(utf8);
        to.Write("\""u8);
    }

    private static void Escape(IBufferWriter<byte> to, byte special)
    {
        switch (special)
        {
            case (byte)'"': to.Write("\\\""u8); break;
            case (byte)'\\': to.Write("\\\\"u8); break;
            case (byte)'\n': to.Write("\\n"u8); break;
            case (byte)'\r': to.Write("\\r"u8); break;
            case (byte)'\t': to.Write("\\t"u8); break;
            default:
                to.Write("\\u00"u8);
                to.Write([Hex(special >> 4), Hex(special & 15)]);
                break;
        }
    }

    private static byte Hex(int digit) => "0123456789abcdef"u8[digit];
}
