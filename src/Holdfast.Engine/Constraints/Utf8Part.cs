namespace Holdfast.Engine.Constraints;

/// <summary>A code point of which some bytes are read: how many are to come, what the next may be, and the bits so far.</summary>
internal readonly record struct Utf8Part(int Left, byte Low, byte High, int Bits)
{
    /// <summary>The lowest code point that can come of it.</summary>
    public int First => (((Bits << 6) | (Low & 0x3F)) << (6 * (Left - 1)));

    public int Last => (((Bits << 6) | (High & 0x3F)) << (6 * (Left - 1))) | ((1 << (6 * (Left - 1))) - 1);

    /// <summary>Null for a byte that starts no code point of two bytes or more; overlong forms and surrogates cannot be written.</summary>
    public static Utf8Part? Lead(byte unit) => unit switch
    {
        >= 0xC2 and <= 0xDF => new(1, 0x80, 0xBF, unit & 0x1F),
        0xE0 => new(2, 0xA0, 0xBF, 0),
        0xED => new(2, 0x80, 0x9F, 0xD),
        >= 0xE1 and <= 0xEF => new(2, 0x80, 0xBF, unit & 0xF),
        0xF0 => new(3, 0x90, 0xBF, 0),
        >= 0xF1 and <= 0xF3 => new(3, 0x80, 0xBF, unit & 7),
        0xF4 => new(3, 0x80, 0x8F, 4),
        _ => null,
    };

    public Utf8Part? Next(byte unit) => unit >= Low && unit <= High ? new(Left - 1, 0x80, 0xBF, (Bits << 6) | (unit & 0x3F)) : null;

    public Int128 Pack() => ((Int128)Bits << 24) | ((Int128)High << 16) | ((Int128)Low << 8) | Left;

    public static Utf8Part Unpack(Int128 packed)
    {
        var value = (long)packed;
        return new((int)(value & 0xFF), (byte)(value >> 8), (byte)(value >> 16), (int)(value >> 24));
    }
}
