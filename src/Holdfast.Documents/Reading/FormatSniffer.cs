using System.Buffers.Binary;

namespace Holdfast.Documents.Reading;

/// <summary>Tells the format by the content; the name only decides between formats that are plain text.</summary>
internal static class FormatSniffer
{
    // Readers of PDF accept a header anywhere in the first KiB, and mail gateways put lines before it.
    private const int PdfHeaderReach = 1024;

    private static readonly (byte[] Magic, string What)[] Foreign =
    [
        ([0x89, 0x50, 0x4e, 0x47], "a PNG image"),
        ([0xff, 0xd8, 0xff], "a JPEG image"),
        ("GIF8"u8.ToArray(), "a GIF image"),
        ("RIFF"u8.ToArray(), "a RIFF media file"),
        ("II*\0"u8.ToArray(), "a TIFF image"),
        ("MM\0*"u8.ToArray(), "a TIFF image"),
        ([0x7f, 0x45, 0x4c, 0x46], "a program (ELF)"),
        ([0x1f, 0x8b], "a gzip archive"),
        ("BZh"u8.ToArray(), "a bzip2 archive"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz archive"),
        ([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive"),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive"),
        ("Rar!"u8.ToArray(), "a RAR archive"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database"),
        ("GGUF"u8.ToArray(), "a GGUF model"),
        ("OggS"u8.ToArray(), "an Ogg media file"),
        ("ID3"u8.ToArray(), "an MP3 file"),
        ("wOFF"u8.ToArray(), "a font"),
        ("wOF2"u8.ToArray(), "a font"),
        ([0xca, 0xfe, 0xba, 0xbe], "a Java class or a program"),
    ];

    public static bool IsPdf(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, PdfHeaderReach)].IndexOf("%PDF-"u8) >= 0;

    public static bool IsZip(ReadOnlySpan<byte> content) => content.StartsWith("PK\x03\x04"u8) || content.StartsWith("PK\x05\x06"u8);

    /// <summary>The container of the old Office formats and of encrypted new ones.</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> content) =>
        content.Length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(content) == 0xd0cf11e0a1b11ae1;

    /// <summary>What a file is that holds no text we read; null when nothing says so.</summary>
    public static string? ForeignKind(ReadOnlySpan<byte> content)
    {
        foreach ((byte[] magic, string what) in Foreign)
        {
            if (content.StartsWith(magic))
            {
                return what;
            }
        }

        if (content.StartsWith("MZ"u8) && content[..Math.Min(content.Length, 1024)].Contains((byte)0))
        {
            return "a program (Windows)";
        }

        return content.StartsWith("{\\rtf"u8) ? "Rich Text (RTF)" : null;
    }

    /// <summary>Which of the plain-text formats it is.</summary>
    public static DocumentFormat OfText(string text, string extension)
    {
        ReadOnlySpan<char> head = text.AsSpan().TrimStart("\ufeff \t\r\n");
        if (LooksLikeHtml(head, extension))
        {
            return DocumentFormat.Html;
        }

        return extension switch
        {
            ".md" or ".markdown" or ".mdx" => DocumentFormat.Markdown,
            ".csv" or ".tsv" => DocumentFormat.Csv,
            ".jsonl" or ".ndjson" => DocumentFormat.JsonLines,
            _ => DocumentFormat.Text,
        };
    }

    private static bool LooksLikeHtml(ReadOnlySpan<char> head, string extension)
    {
        if (extension is ".html" or ".htm" or ".xhtml")
        {
            return head.Contains('<');
        }

        if (extension is ".md" or ".markdown" or ".mdx" or ".csv" or ".jsonl")
        {
            return false;
        }

        if (head.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            int end = head.IndexOf("?>", StringComparison.Ordinal);
            head = end < 0 ? head : head[(end + 2)..].TrimStart();
        }

        return head.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
