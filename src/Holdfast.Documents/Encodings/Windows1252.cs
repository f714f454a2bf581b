using System.Collections.Frozen;

namespace Holdfast.Documents.Encodings;

/// <summary>Windows-1252 as browsers read it: Latin-1 with 27 signs in 80 to 9F; the five holes there are C1 controls.</summary>
internal static class Windows1252
{
    private const string Upper =
        "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f"
        + "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

    private static readonly FrozenDictionary<char, byte> Bytes = Upper
        .Select(static (c, i) => KeyValuePair.Create(c, (byte)(0x80 + i)))
        .ToFrozenDictionary();

    public static string Decode(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, source) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            byte value = source[i];
            text[i] = value is >= 0x80 and <= 0x9f ? Upper[value - 0x80] : (char)value;
        }
    });

    /// <summary>The byte that stands for a character, or -1. C1 controls count as themselves, as in Latin-1.</summary>
    public static int ByteOf(char c)
    {
        if (c <= '\u00ff')
        {
            return c;
        }

        return Bytes.TryGetValue(c, out byte value) ? value : -1;
    }
}
