using System.Text;
using System.Text.Unicode;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Encodings;

/// <summary>
/// Finds out how text is encoded: byte order mark; UTF-16 without one, by its zeros; strict UTF-8; a declared code page; UTF-8 with a
/// few broken bytes; else Windows-1252, which is what nameless 8-bit text on the web is.
/// </summary>
internal static class TextDecoder
{
    private const int SampleBytes = 4096;

    // In Latin text as UTF-16 nearly every second byte is zero and hardly any of the others.
    private const double ZerosMin = 0.4;
    private const double ZerosOtherMax = 0.02;

    // Valid multi-byte sequences for each broken byte from which on a text is broken UTF-8 rather than an 8-bit code.
    private const int ValidPerBroken = 4;

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Decodes; null when the bytes are not text in any encoding that is read here.</summary>
    public static DecodedText? Decode(ReadOnlySpan<byte> bytes, string? declared = null)
    {
        if (bytes.StartsWith("\ufeff"u8))
        {
            return Utf8OrBroken(bytes[3..]);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe, 0, 0]) && bytes.Length % 4 == 0)
        {
            return new DecodedText(Encoding.UTF32.GetString(bytes[4..]), "utf-32", null);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]))
        {
            return Utf16(bytes[2..], isBigEndian: false);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
        {
            return Utf16(bytes[2..], isBigEndian: true);
        }

        (double even, double odd) = ZeroShares(bytes);
        if (odd >= ZerosMin && even <= ZerosOtherMax)
        {
            return Utf16(bytes, isBigEndian: false);
        }

        if (even >= ZerosMin && odd <= ZerosOtherMax)
        {
            return Utf16(bytes, isBigEndian: true);
        }

        if (Utf8.IsValid(bytes))
        {
            return new DecodedText(Encoding.UTF8.GetString(bytes), "utf-8", null);
        }

        return Declared(bytes, declared) ?? EightBit(bytes);
    }

    private static DecodedText? EightBit(ReadOnlySpan<byte> bytes)
    {
        (int valid, int broken) = CountSequences(bytes);
        if (valid >= ValidPerBroken * broken)
        {
            return Utf8OrBroken(bytes);
        }

        // NUL never stands in 8-bit text; a file with many of them is a program or a picture.
        return bytes.Contains((byte)0)
            ? null
            : new DecodedText(Windows1252.Decode(bytes), "windows-1252", new RuleCount("windows-1252", 1));
    }

    private static DecodedText Utf8OrBroken(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        int broken = CountSequences(bytes).Broken;
        return new DecodedText(text, "utf-8", broken > 0 ? new RuleCount("invalid-utf-8", broken) : null);
    }

    private static DecodedText Utf16(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        Encoding encoding = isBigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode;
        return new DecodedText(encoding.GetString(bytes), isBigEndian ? "utf-16be" : "utf-16le", null);
    }

    private static DecodedText? Declared(ReadOnlySpan<byte> bytes, string? declared)
    {
        if (declared is null || declared.StartsWith("utf", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (declared.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase) || declared.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            return new DecodedText(Encoding.GetEncoding(declared).GetString(bytes), declared.ToLowerInvariant(), new RuleCount(declared.ToLowerInvariant(), 1));
        }
        catch (ArgumentException)
        {
            // A name that nobody knows says nothing; the bytes decide.
            return null;
        }
    }

    private static (double Even, double Odd) ZeroShares(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> sample = bytes[..(Math.Min(bytes.Length, SampleBytes) & ~1)];
        if (sample.Length == 0 || bytes.Length % 2 != 0)
        {
            return (0, 0);
        }

        int even = 0;
        int odd = 0;
        for (int i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        double pairs = sample.Length / 2.0;
        return (even / pairs, odd / pairs);
    }

    private static (int Valid, int Broken) CountSequences(ReadOnlySpan<byte> bytes)
    {
        int valid = 0;
        int broken = 0;
        int at = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xff);
        while (at >= 0)
        {
            bool isValid = Rune.DecodeFromUtf8(bytes[at..], out _, out int used) == System.Buffers.OperationStatus.Done;
            valid += isValid ? 1 : 0;
            broken += isValid ? 0 : 1;
            int from = at + Math.Max(1, used);
            int next = bytes[from..].IndexOfAnyInRange((byte)0x80, (byte)0xff);
            at = next < 0 ? -1 : from + next;
        }

        return (valid, broken);
    }
}
