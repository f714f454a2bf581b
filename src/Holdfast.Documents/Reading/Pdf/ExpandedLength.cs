using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>Measures what compressed bytes unpack to, without keeping the result.</summary>
internal static class ExpandedLength
{
    private const int ScratchBytes = 64 * 1024;
    private const int ZlibHeaderBytes = 2;

    public static long OfFlate(ReadOnlyMemory<byte> input, long stopAfter)
    {
        if (input.Length <= ZlibHeaderBytes)
        {
            return 0;
        }

        byte[] bytes = MemoryMarshal.TryGetArray(input, out ArraySegment<byte> segment) ? segment.Array! : input.ToArray();
        int offset = segment.Array is null ? 0 : segment.Offset;
        using MemoryStream source = new(bytes, offset + ZlibHeaderBytes, input.Length - ZlibHeaderBytes, writable: false);
        using DeflateStream inflate = new(source, CompressionMode.Decompress, leaveOpen: false);
        byte[] scratch = new byte[ScratchBytes];
        long length = 0;
        try
        {
            int read;
            while (length <= stopAfter && (read = inflate.Read(scratch, 0, scratch.Length)) > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            // Broken streams end here for the library too; what came out until then is the length.
            return length;
        }

        return length;
    }

    /// <summary>LZW as PDF has it: codes from 9 to 12 bits, 256 clears the table, 257 ends. Only the lengths of the entries are kept.</summary>
    public static long OfLzw(ReadOnlySpan<byte> input, long stopAfter)
    {
        const int Clear = 256;
        const int End = 257;
        Span<int> lengths = stackalloc int[4097];
        lengths[..256].Fill(1);
        int next = End + 1;
        int width = 9;
        int previous = -1;
        long total = 0;
        int bits = 0;
        int held = 0;
        foreach (byte value in input)
        {
            held = (held << 8) | value;
            bits += 8;
            if (bits < width)
            {
                continue;
            }

            int code = (held >> (bits - width)) & ((1 << width) - 1);
            bits -= width;
            held &= (1 << bits) - 1;
            if (code == End)
            {
                break;
            }

            if (code == Clear)
            {
                (next, width, previous) = (End + 1, 9, -1);
                continue;
            }

            int length = code < next ? lengths[code] : previous + 1;
            total += length;
            if (previous >= 0 && next < 4096)
            {
                lengths[next++] = previous + 1;
                width = next + 1 >= 2048 ? 12 : next + 1 >= 1024 ? 11 : next + 1 >= 512 ? 10 : 9;
            }

            previous = length;
            if (total > stopAfter)
            {
                break;
            }
        }

        return total;
    }

    public static long OfRuns(ReadOnlySpan<byte> input)
    {
        long total = 0;
        int at = 0;
        while (at < input.Length && input[at] != 128)
        {
            bool isLiteral = input[at] < 128;
            total += isLiteral ? input[at] + 1 : 257 - input[at];
            at += isLiteral ? input[at] + 2 : 2;
        }

        return total;
    }
}
