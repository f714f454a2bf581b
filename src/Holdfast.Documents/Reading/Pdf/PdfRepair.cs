using System.Globalization;
using System.Text;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// Gives a PDF whose end was cut off a new cross-reference table: objects are found by their "n g obj" lines, the root by its type. One
/// pass over the bytes. An incomplete last object stays out.
/// </summary>
internal static class PdfRepair
{
    // Largest object number that gets an entry of 20 bytes in the table.
    private const int ObjectsMax = 1_000_000;
    private const int DictionaryReach = 4096;

    /// <summary>The file with a new table, or null when no root object is left.</summary>
    public static byte[]? Rebuild(ReadOnlySpan<byte> content)
    {
        SortedDictionary<int, (int Offset, int Generation)> objects = [];
        int root = -1;
        int at = 0;
        int lastEnd = content.LastIndexOf("endobj"u8);
        while (at < lastEnd)
        {
            int found = content[at..].IndexOf(" obj"u8);
            if (found < 0)
            {
                break;
            }

            int word = at + found;
            at = word + 4;
            if (!TryReadHead(content, word, out int number, out int generation, out int offset) || at > lastEnd)
            {
                continue;
            }

            objects[number] = (offset, generation);
            ReadOnlySpan<byte> body = content.Slice(at, Math.Min(DictionaryReach, content.Length - at));
            int end = body.IndexOf("endobj"u8);
            if (IsCatalog(end < 0 ? body : body[..end]))
            {
                root = number;
            }
        }

        return root < 0 ? null : Append(content, objects, root);
    }

    private static bool IsCatalog(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("/Catalog"u8);
        return at >= 0 && body[..at].LastIndexOf("/Type"u8) >= 0 && body.IndexOf("/Pages"u8) >= 0;
    }

    /// <summary>Reads "12 0" backwards from " obj".</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> content, int word, out int number, out int generation, out int offset)
    {
        number = 0;
        offset = word;
        if (!TryReadNumber(content, ref offset, out generation) || offset == 0 || content[offset - 1] != ' ')
        {
            return false;
        }

        offset--;
        return TryReadNumber(content, ref offset, out number) && number is > 0 and <= ObjectsMax;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> content, ref int at, out int value)
    {
        int end = at;
        while (at > 0 && content[at - 1] is >= (byte)'0' and <= (byte)'9' && end - at < 9)
        {
            at--;
        }

        return int.TryParse(content[at..end], NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static byte[] Append(ReadOnlySpan<byte> content, SortedDictionary<int, (int Offset, int Generation)> objects, int root)
    {
        StringBuilder table = new("\nxref\n0 1\n0000000000 65535 f \n");
        foreach ((int number, (int offset, int generation)) in objects)
        {
            table.Append(CultureInfo.InvariantCulture, $"{number} 1\n{offset:0000000000} {generation:00000} n \n");
        }

        table.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Keys.Max() + 1} /Root {root} {objects[root].Generation} R >>\nstartxref\n{content.Length + 1}\n%%EOF\n");
        return [.. content, .. Encoding.ASCII.GetBytes(table.ToString())];
    }
}
