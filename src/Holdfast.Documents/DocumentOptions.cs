namespace Holdfast.Documents;

/// <summary>The bounds of reading, cleaning and cutting. Section <c>documents</c> of the configuration.</summary>
public sealed record DocumentOptions
{
    /// <summary>Largest file that is read.</summary>
    public long BytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most UTF-16 units of extracted text.</summary>
    public int CharactersMax { get; init; } = 20_000_000;

    /// <summary>Most pages of a PDF.</summary>
    public int PagesMax { get; init; } = 5_000;

    /// <summary>Longest time for one document.</summary>
    public TimeSpan ReadingTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Readers that did not stop at their deadline and still run; at this number nothing more is read until one ends.</summary>
    public int StuckReadersMax { get; init; } = 2;

    /// <summary>Most bytes that the compressed parts of one file may unpack to.</summary>
    public long ExpandedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most entries of a zip container (DOCX).</summary>
    public int ZipEntriesMax { get; init; } = 10_000;

    /// <summary>Most unpacked bytes of drawing instructions on one page of a PDF.</summary>
    public int PdfPageBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most characters drawn on one page of a PDF; a dense page has about 10,000.</summary>
    public int PdfPageCharactersMax { get; init; } = 500_000;

    /// <summary>Deepest nesting of HTML elements; what is deeper is read at this depth.</summary>
    public int HtmlDepthMax { get; init; } = 256;

    /// <summary>Most attributes taken from front matter and properties.</summary>
    public int AttributesMax { get; init; } = 64;

    /// <summary>Words after which a passage ends at the next sentence.</summary>
    public int PassageWords { get; init; } = 150;

    /// <summary>Most words in a passage.</summary>
    public int PassageWordsMax { get; init; } = 200;

    /// <summary>Most estimated tokens in a passage; the shipped encoder reads 256.</summary>
    public int PassageTokensMax { get; init; } = 250;

    /// <summary>Words of the passage before that a passage repeats, as whole sentences of the same section.</summary>
    public int PassageOverlapWords { get; init; }

    /// <summary>All faults, each in the words of the configuration file; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        Check("bytesMax", BytesMax, 1, int.MaxValue);
        Check("charactersMax", CharactersMax, 1, 500_000_000);
        Check("pagesMax", PagesMax, 1, 1_000_000);
        Check("stuckReadersMax", StuckReadersMax, 1, 64);
        Check("expandedBytesMax", ExpandedBytesMax, 1, 16L * 1024 * 1024 * 1024);
        Check("zipEntriesMax", ZipEntriesMax, 1, 1_000_000);
        Check("pdfPageBytesMax", PdfPageBytesMax, 1, int.MaxValue);
        Check("pdfPageCharactersMax", PdfPageCharactersMax, 1, 100_000_000);
        Check("htmlDepthMax", HtmlDepthMax, 8, 1_024);
        Check("attributesMax", AttributesMax, 0, 10_000);
        Check("passageWords", PassageWords, 1, 10_000);
        Check("passageWordsMax", PassageWordsMax, 1, 10_000);
        Check("passageTokensMax", PassageTokensMax, 8, 100_000);
        Check("passageOverlapWords", PassageOverlapWords, 0, 10_000);
        if (ReadingTimeMax < TimeSpan.FromMilliseconds(10) || ReadingTimeMax > TimeSpan.FromHours(1))
        {
            faults.Add($"documents.readingTimeMax is {ReadingTimeMax}; it must lie in [00:00:00.0100000, 01:00:00]");
        }

        if (PassageWords > PassageWordsMax)
        {
            faults.Add($"documents.passageWords is {PassageWords}; it must not exceed documents.passageWordsMax, which is {PassageWordsMax}");
        }

        if (PassageOverlapWords * 2 > PassageWords)
        {
            faults.Add($"documents.passageOverlapWords is {PassageOverlapWords}; it must not exceed half of documents.passageWords, which is {PassageWords}");
        }

        return faults;

        void Check(string name, long value, long min, long max)
        {
            if (value < min || value > max)
            {
                faults.Add($"documents.{name} is {value}; it must lie in [{min}, {max}]");
            }
        }
    }
}
