using System.Text.Json;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Tests.Documents;

/// <summary>The set of 27 PDFs with their truth: character error rate after white space runs became one space.</summary>
public sealed class PdfTruthTests
{
    /// <summary>Name and the highest error that holds; 0 where the text is exact today.</summary>
    public static TheoryData<string, double> Readable => new()
    {
        { "01-latex-one-column", 0 }, { "02-latex-two-column", 0 }, { "03-latex-header-footer", 0 }, { "04-latex-odd-even-headers", 0 },
        { "05-latex-table", 0 }, { "06-latex-headings-list-code", 0.003 }, { "07-latex-footnotes", 0.003 }, { "08-latex-accents-ot1", 0 },
        { "09-latex-watermark", 0 }, { "10-groff-one-column", 0 }, { "11-groff-two-column-page-numbers", 0.001 }, { "12-ghostscript-subset", 0 },
        { "13-truetype-unicode", 0 }, { "15-rotate-90-key", 0 }, { "16-rotated-matrix", 0 }, { "17-encrypted-empty-user", 0 },
        { "19-startxref-wrong", 0 }, { "20-truncated-no-trailer", 0 }, { "21-xref-offsets-shifted", 0 }, { "22-objstm-linearized", 0 },
        { "23-hidden-text", 0 }, { "24-drawn-twice", 0 }, { "25-letter-spaced-heading", 0 }, { "26-no-space-glyphs", 0 },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void The_text_of_a_pdf_is_its_truth(string name, double errorMax)
    {
        DocumentText document = Read(name);
        string truth = OneSpace(File.ReadAllText(SampleReader.FixturePath("pdf", "truth", name + ".txt")));
        string text = OneSpace(document.Text);
        double error = (double)Distance(truth, text) / truth.Length;
        Assert.True(error <= errorMax, $"{name}: character error {error:0.0000} > {errorMax}\ntruth: {truth}\ntext:  {text}");
    }

    [Theory]
    [InlineData("14-no-tounicode", "unreadable text")]
    [InlineData("18-encrypted-password", "encrypted with a password")]
    [InlineData("27-image-only", "has no text")]
    public void A_pdf_without_usable_text_is_quarantined_by_name(string name, string says)
    {
        string line = SampleReader.Refused(name + ".pdf", File.ReadAllBytes(SampleReader.FixturePath("pdf", name + ".pdf")));
        Assert.Contains(says, line, StringComparison.Ordinal);
    }

    [Fact]
    public void No_header_line_of_the_manifest_is_left()
    {
        int checkedLines = 0;
        foreach (string row in File.ReadLines(SampleReader.FixturePath("pdf", "manifest.jsonl")))
        {
            using JsonDocument manifest = JsonDocument.Parse(row);
            string name = manifest.RootElement.GetProperty("name").GetString()!;
            string[] headers = [.. manifest.RootElement.GetProperty("headers").EnumerateArray().Select(h => h.GetString()!).Where(h => h.Length > 1)];
            if (headers.Length == 0)
            {
                continue;
            }

            string text = Read(name).Text;
            Assert.All(headers, h => Assert.DoesNotContain(h, text, StringComparison.Ordinal));
            checkedLines += headers.Length;
        }

        Assert.True(checkedLines > 20, $"only {checkedLines} header lines were checked");
    }

    [Fact]
    public void Hidden_text_is_counted_and_left_out()
    {
        DocumentText document = Read("23-hidden-text");
        Assert.True(SampleReader.Count(document, "hidden-text") > 0);
        Assert.DoesNotContain("AI assistants", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_tile_the_text_and_passages_know_their_page()
    {
        DocumentText document = Read("03-latex-header-footer");
        Assert.Equal([1, 2, 3, 4, 5, 6], document.Pages.Select(p => p.Number));
        Assert.All(document.Passages, p =>
        {
            PageSpan page = document.Pages[p.Page!.Value - 1];
            Assert.InRange(p.Start, page.Start, page.Start + page.Length);
        });
        Assert.Equal([1, 2, 3, 4, 5, 6], document.Passages.Select(p => p.Page!.Value).Distinct());
    }

    [Fact]
    public void Headings_code_and_tables_keep_their_shape()
    {
        DocumentText document = Read("06-latex-headings-list-code");
        Assert.Contains("\n    if entry.used > entry.reserved:\n        raise ValueError", document.Text, StringComparison.Ordinal);
        Assert.Contains(document.Passages, p => p.Heading == "1 Introduction > 1.1 Rules");
        Assert.Contains("\nnode-01\t53\t7.0\tdraining\n", Read("05-latex-table").Text, StringComparison.Ordinal);
    }

    private static DocumentText Read(string name) => SampleReader.Good(name + ".pdf", File.ReadAllBytes(SampleReader.FixturePath("pdf", name + ".pdf")));

    private static string OneSpace(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int Distance(string a, string b)
    {
        if (a == b)
        {
            return 0;
        }

        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(above[j] + 1, row[j - 1] + 1), above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }

            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
