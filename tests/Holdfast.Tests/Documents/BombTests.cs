using System.IO.Compression;
using System.Text;
using Holdfast.Documents;
using Holdfast.Documents.Reading.Pdf;

namespace Holdfast.Tests.Documents;

public sealed class BombTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void A_flate_stream_that_expands_hugely_is_refused()
    {
        byte[] bomb = Pdf("<< /Length {0} /Filter /FlateDecode >>", Deflate(new byte[200 * MiB]));
        Assert.True(bomb.Length < MiB);
        Assert.Equal(
            "the PDF has a page of more than 33554432 bytes of drawing (documents.pdfPageBytesMax), as a decompression bomb does: split it, or raise the limit if you trust it",
            SampleReader.Refused("bomb.pdf", bomb));
    }

    [Fact]
    public void Filters_in_a_chain_are_each_bounded()
    {
        byte[] bomb = Pdf("<< /Length {0} /Filter [/FlateDecode /FlateDecode] >>", Deflate(Deflate(new byte[200 * MiB])));
        Assert.True(bomb.Length < 4096);
        Assert.Contains("as a decompression bomb does", SampleReader.Refused("bomb.pdf", bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_a_million_letters_is_refused_before_they_are_made()
    {
        byte[] content = Encoding.ASCII.GetBytes("BT /F1 12 Tf 10 10 Td (" + new string('A', 5 * MiB) + ") Tj ET");
        string line = SampleReader.Refused("bomb.pdf", Pdf("<< /Length {0} /Filter /FlateDecode >>", Deflate(content)));
        Assert.Contains("more than 500000 characters (documents.pdfPageCharactersMax)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Forms_that_draw_forms_ten_times_each_are_bounded()
    {
        StringBuilder objects = new();
        for (int i = 0; i < 10; i++)
        {
            string draws = string.Concat(Enumerable.Repeat($"/X{i + 1} Do ", 10));
            string body = i == 9 ? "BT /F1 9 Tf (laugh) Tj ET" : draws;
            objects.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{10 + i} 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> /XObject << /X{i + 1} {11 + i} 0 R >> >> /Length {body.Length} >>\nstream\n{body}\nendstream\nendobj\n");
        }

        byte[] bomb = Pdf("<< /Length {0} >>", "/X0 Do"u8.ToArray(), objects.ToString());
        Assert.Contains("(documents.pdfPageCharactersMax), as a decompression bomb does", SampleReader.Refused("laughs.pdf", bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_letters_that_are_not_compressed_are_refused_too()
    {
        byte[] content = Encoding.ASCII.GetBytes("BT /F1 12 Tf 10 10 Td (" + new string('A', 5 * MiB) + ") Tj ET");
        string line = SampleReader.Refused("bomb.pdf", Pdf("<< /Length {0} >>", content));
        Assert.Contains("more than 500000 characters (documents.pdfPageCharactersMax)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_that_draws_itself_is_refused()
    {
        const string Form = "10 0 obj << /Type /XObject /Subtype /F#6frm /BBox [0 0 9 9] /Resources << /XObject << /X0 10 0 R >> >> /Length 6 >>\nstream\n/#580 Do\nendstream\nendobj\n";
        string line = SampleReader.Refused("self.pdf", Pdf("<< /Length {0} >>", "/X0 Do"u8.ToArray(), Form.Replace("/Length 6", "/Length 8", StringComparison.Ordinal)));
        Assert.Contains("(documents.pdfPageCharactersMax)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_tree_of_twenty_thousand_levels_does_not_break_the_process()
    {
        StringBuilder pdf = new("%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 10 0 R >> endobj\n");
        const int Levels = 20_000;
        for (int i = 0; i < Levels; i++)
        {
            pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"{10 + i} 0 obj << /Type /Pages /Count 1 /Kids [{11 + i} 0 R] >> endobj\n");
        }

        pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"{10 + Levels} 0 obj << /Type /Page /MediaBox [0 0 9 9] >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF");
        Assert.NotEqual("", SampleReader.Refused("deep.pdf", Encoding.ASCII.GetBytes(pdf.ToString()), new DocumentOptions { ReadingTimeMax = TimeSpan.FromSeconds(10) }));
    }

    [Fact]
    public void Arrays_nested_a_hundred_thousand_deep_do_not_break_the_process()
    {
        string nested = new string('[', 100_000) + new string(']', 100_000);
        string pdf = $"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R /X {nested} >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF";
        Assert.NotEqual("", SampleReader.Refused("deep.pdf", Encoding.ASCII.GetBytes(pdf)));
    }

    [Fact]
    public void A_page_tree_in_a_circle_ends()
    {
        const string Circle = "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Count 2 /Kids [3 0 R] >> endobj\n3 0 obj << /Type /Pages /Count 2 /Kids [2 0 R] >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF";
        Assert.NotEqual("", SampleReader.Refused("circle.pdf", Encoding.ASCII.GetBytes(Circle), new DocumentOptions { ReadingTimeMax = TimeSpan.FromSeconds(5) }));
    }

    [Fact]
    public void A_zip_bomb_as_docx_is_refused_by_what_it_really_unpacks_to()
    {
        byte[] bomb = Zip(("word/document.xml", 300 * MiB));
        Assert.True(bomb.Length < MiB);
        Assert.Equal(
            "the Word document unpacks to more than 268435456 bytes (documents.expandedBytesMax), as a zip bomb does: split it, or raise the limit if you trust it",
            SampleReader.Refused("bomb.docx", bomb));
    }

    [Fact]
    public void A_zip_of_too_many_entries_is_refused()
    {
        byte[] zip = Zip([.. Enumerable.Range(0, 60).Select(i => ($"word/{i}.xml", 1)), ("word/document.xml", 10)]);
        Assert.Contains("(documents.zipEntriesMax)", SampleReader.Refused("many.docx", zip, new DocumentOptions { ZipEntriesMax = 50 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_billion_laughs_in_xml_is_not_expanded()
    {
        using MemoryStream stream = new(DocxReaderTests.Make(body => body.Append(DocxReaderTests.Paragraph("x"))));
        using MemoryStream changed = new();
        stream.CopyTo(changed);
        using (ZipArchive archive = new(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry("word/document.xml")!.Delete();
            using StreamWriter writer = new(archive.CreateEntry("word/document.xml").Open());
            writer.Write("<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>");
        }

        Assert.StartsWith("is damaged and could not be read", SampleReader.Refused("laughs.docx", changed.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Workbooks_and_archives_are_named()
    {
        Assert.Equal("is an Excel workbook: save its sheets as .csv", SampleReader.Refused("a.xlsx", Zip(("xl/workbook.xml", 10))));
        Assert.Equal("is a zip archive: unpack it and add what is in it", SampleReader.Refused("a.zip", Zip(("notes.txt", 10))));
    }

    [Fact]
    public void Lengths_are_measured_as_they_unpack()
    {
        byte[] data = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 7))];
        Assert.Equal(5000, ExpandedLength.OfFlate(Deflate(data), long.MaxValue));
        Assert.Equal(5, ExpandedLength.OfRuns([2, 1, 2, 3, 255, 9, 128]));

        // The example of the PDF specification (7.4.4.2): 45 45 45 45 45 65 45 45 45 66.
        Assert.Equal(10, ExpandedLength.OfLzw([0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01], long.MaxValue));
        Assert.Equal(8, ShownText.CharactersAtMost("(hello) Tj <414243> Tj 1 0 0 rg"u8));
    }

    private static byte[] Deflate(byte[] data)
    {
        using MemoryStream output = new();
        using (ZLibStream zlib = new(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return output.ToArray();
    }

    private static byte[] Zip(params (string Name, int Length)[] entries)
    {
        using MemoryStream output = new();
        using (ZipArchive archive = new(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, int length) in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                byte[] block = new byte[Math.Min(length, MiB)];
                for (int at = 0; at < length; at += block.Length)
                {
                    entry.Write(block, 0, Math.Min(block.Length, length - at));
                }
            }
        }

        return output.ToArray();
    }

    /// <summary>A PDF of one page with this content, with a right table.</summary>
    private static byte[] Pdf(string dictionary, byte[] content, string more = "")
    {
        using MemoryStream output = new();
        Write("%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj << /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n");
        Write("3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X0 10 0 R >> >> >>\nendobj\n");
        Write("5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
        Write(more);
        Write($"4 0 obj {string.Format(System.Globalization.CultureInfo.InvariantCulture, dictionary, content.Length)}\nstream\n");
        output.Write(content);
        Write("\nendstream\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF");
        return output.ToArray();

        void Write(string text) => output.Write(Encoding.ASCII.GetBytes(text));
    }
}
