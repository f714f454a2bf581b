namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// The spelling of byte-level vocabularies: each byte is one printable character, the printable Latin-1 ones themselves and the
/// other 68 the code points from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly short[] ByteOf = Invert();

    public static byte[] Decode(string token)
    {
        var bytes = new List<byte>(token.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in token.EnumerateRunes())
        {
            if (rune.Value < ByteOf.Length && ByteOf[rune.Value] >= 0)
            {
                bytes.Add((byte)ByteOf[rune.Value]);
            }
            else
            {
                // Added tokens are stored as plain text.
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            }
        }

        return [.. bytes];
    }

    private static short[] Invert()
    {
        var byteOf = new short[256 + 68];
        Array.Fill(byteOf, (short)-1);
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var isPrintable = value is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
            byteOf[isPrintable ? value : next++] = (short)value;
        }

        return byteOf;
    }
}
