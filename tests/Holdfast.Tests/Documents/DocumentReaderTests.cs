using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents;
using Holdfast.Documents.Reading;

namespace Holdfast.Tests.Documents;

public sealed class DocumentReaderTests
{
    [Fact]
    public void A_file_of_500_MB_is_refused_before_it_is_read()
    {
        ReadOutcome? outcome = new DocumentReader(new DocumentOptions()).RefuseBySize("big.txt", 500L * 1024 * 1024);
        Assert.Equal("is 500 MiB, over the limit of 64 MiB (documents.bytesMax): split it or raise the limit", outcome?.Quarantine);
        Assert.Null(new DocumentReader(new DocumentOptions()).RefuseBySize("small.txt", 10));
    }

    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "empty.md", [], "is empty (0 bytes): fill it or remove it" },
        { "blank.txt", " \n\t\n"u8.ToArray(), "the file has no text (pictures only, or blank): recognise its text first (OCR) and add the result" },
        { "rule.txt", "----- ===== -----"u8.ToArray(), "the file has no letters, only signs: nothing in it can be searched" },
        { "photo.txt", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], "is a PNG image, though named .txt: recognise its text first (OCR) and add the result" },
        { "page.pdf", "<html><body>404 not found</body></html>"u8.ToArray(), "is named .pdf but is plain text and not a PDF: rename it to .txt or .html, or fetch the real file again" },
        { "plan.docx", "just text"u8.ToArray(), "is named .docx but is plain text and not a Word document: rename it to .txt or .html, or fetch the real file again" },
        { "tool.md", [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], "is a program (ELF), though named .md: it holds no document; remove it" },
        { "old.doc", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0], "is an Office document of the old binary format (.doc, .xls, .ppt): save it as .docx or PDF" },
        {
            "locked.docx", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, .. Encoding.Unicode.GetBytes("EncryptedPackage")],
            "is an Office document encrypted with a password, though named .docx: save a copy without the password"
        },
        { "letter.rtf", "{\\rtf1 hello}"u8.ToArray(), "is Rich Text (RTF): save it as .docx or PDF" },
        { "noise.txt", [0, 1, 0xff, 2, 0, 3, 0xfe, 0x80, 0x81, 0, 0xc0, 0xc1], "is binary data of no known format, though named .txt: remove it, or convert it to text, PDF or DOCX" },
        { "cut.docx", "PK\u0003\u0004 cut off"u8.ToArray(), "is a damaged zip container" },
        { "cut.pdf", "%PDF-1.7\nand nothing else"u8.ToArray(), "is damaged and could not be read" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_gives_one_clear_line(string name, byte[] content, string says) =>
        Assert.StartsWith(says, SampleReader.Refused(name, content), StringComparison.Ordinal);

    [Fact]
    public void A_pdf_named_txt_is_read_as_what_it_is()
    {
        DocumentText document = SampleReader.Good("notes.txt", File.ReadAllBytes(SampleReader.FixturePath("pdf", "01-latex-one-column.pdf")));
        Assert.Equal("application/pdf", document.MediaType);
        Assert.Single(document.Pages);
    }

    [Theory]
    [InlineData("page.txt", "<!DOCTYPE html><html><body><p>Hello <b>there</b></p></body></html>", "text/html", "Hello there")]
    [InlineData("page.md", "# Title\n\n<p>Hello</p>", "text/markdown", "Title\n\nHello")]
    [InlineData("note", "just *text*", "text/plain", "just *text*")]
    public void The_content_tells_the_format_and_the_name_helps(string name, string content, string mediaType, string text)
    {
        DocumentText document = SampleReader.Good(name, content);
        Assert.Equal((mediaType, text), (document.MediaType, document.Text));
    }

    [Fact]
    public void Text_without_meaning_is_quarantined()
    {
        string line = SampleReader.Refused("a.txt", Encoding.UTF8.GetBytes(new string('\ue001', 50) + "abc"));
        Assert.Contains("unreadable text (94", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_characters_name_the_option()
    {
        string line = SampleReader.Refused("a.txt", Encoding.ASCII.GetBytes(new string('a', 200)), new DocumentOptions { CharactersMax = 100 });
        Assert.Equal("holds 200 characters of text, more than 100 (documents.charactersMax): split it or raise the limit", line);
    }

    [Fact]
    public void Pages_over_the_limit_name_the_option()
    {
        byte[] pdf = File.ReadAllBytes(SampleReader.FixturePath("pdf", "03-latex-header-footer.pdf"));
        Assert.Equal(
            "the PDF has 6 pages, more than 5 (documents.pagesMax): split it or raise the limit",
            SampleReader.Refused("a.pdf", pdf, new DocumentOptions { PagesMax = 5 }));
    }

    [Fact]
    public void A_title_comes_from_the_document_before_its_name()
    {
        Assert.Equal("restart", SampleReader.Good("pumps/restart.txt", "Some words.").Title);
        Assert.Equal("Real", SampleReader.Good("pumps/restart.md", "# Real\n\nSome words.").Title);
        Assert.Equal("A B", SampleReader.Good("a.md", "---\ntitle: \"A\0 B\"\n---\n# Other\n").Title);
    }

    [Fact]
    public void A_reader_that_does_not_listen_is_left_behind_and_counted()
    {
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim ended = new();
        DeadlineRunner runner = new(TimeSpan.FromMilliseconds(20), stuckMax: 1);
        ReadFaultException late = Assert.Throws<ReadFaultException>(() => runner.Run(
            _ =>
            {
                release.Wait(TestContext.Current.CancellationToken);
                ended.Set();
                return "late";
            },
            CancellationToken.None));
        Assert.Contains("was not read within 0.02 s (documents.readingTimeMax)", late.Message, StringComparison.Ordinal);
        Assert.Equal(1, runner.Stuck);
        ReadFaultException full = Assert.Throws<ReadFaultException>(() => runner.Run(_ => "next", CancellationToken.None));
        Assert.StartsWith("was not read: 1 readers hang in other documents (documents.stuckReadersMax is 1)", full.Message, StringComparison.Ordinal);
        release.Set();
        ended.Wait(TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => runner.Stuck == 0, TimeSpan.FromSeconds(10)));
        Assert.Equal("next", runner.Run(_ => "next", CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_caller_is_told_so()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new DocumentReader(new DocumentOptions()).Read("a.txt", "text"u8.ToArray(), source.Token));
    }

    [Fact]
    public void Every_fault_of_the_options_is_told()
    {
        DocumentOptions options = new() { BytesMax = 0, PagesMax = -1, PassageWords = 300, ReadingTimeMax = TimeSpan.Zero };
        Assert.Equal(
            [
                "documents.bytesMax is 0; it must lie in [1, 2147483647]",
                "documents.pagesMax is -1; it must lie in [1, 1000000]",
                "documents.readingTimeMax is 00:00:00; it must lie in [00:00:00.0100000, 01:00:00]",
                "documents.passageWords is 300; it must not exceed documents.passageWordsMax, which is 200",
            ],
            options.Faults());
        Assert.Empty(new DocumentOptions().Faults());
        Assert.Throws<ArgumentException>(() => new DocumentReader(options));
    }

    [Fact]
    public void Eight_threads_read_the_same_as_one()
    {
        byte[] pdf = File.ReadAllBytes(SampleReader.FixturePath("pdf", "02-latex-two-column.pdf"));
        string alone = SampleReader.Good("a.pdf", pdf).Text;
        string[] together = [.. Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(_ => SampleReader.Good("a.pdf", pdf).Text)];
        Assert.All(together, t => Assert.Equal(alone, t));
    }
}
