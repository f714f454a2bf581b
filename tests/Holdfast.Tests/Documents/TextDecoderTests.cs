using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Encodings;

namespace Holdfast.Tests.Documents;

public sealed class TextDecoderTests
{
    private const string Sentence = "The café’s “façade” costs 10 € — naïve, but true.";

    public static TheoryData<string, byte[]> Encoded
    {
        get
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            TheoryData<string, byte[]> rows = new()
            {
                { "utf-8", Encoding.UTF8.GetBytes(Sentence) },
                { "utf-8", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Sentence)] },
                { "utf-16le", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Sentence)] },
                { "utf-16be", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Sentence)] },
                { "utf-16le", Encoding.Unicode.GetBytes(Sentence) },
                { "utf-16be", Encoding.BigEndianUnicode.GetBytes(Sentence) },
                { "utf-32", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Sentence)] },
                { "windows-1252", Encoding.GetEncoding(1252).GetBytes(Sentence) },
            };
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public void Each_encoding_is_found(string encoding, byte[] bytes)
    {
        DecodedText decoded = TextDecoder.Decode(bytes)!;
        Assert.Equal(Sentence, decoded.Text);
        Assert.Equal(encoding, decoded.Encoding);
    }

    [Fact]
    public void A_few_broken_bytes_in_utf_8_are_replaced_and_counted()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Größe, Maß, Öl. ", 20)));
        bytes[^1] = 0xc3;
        DecodedText decoded = TextDecoder.Decode(bytes)!;
        Assert.Equal("utf-8", decoded.Encoding);
        Assert.Equal(new RuleCount("invalid-utf-8", 1), decoded.Count);
        Assert.EndsWith("\ufffd", decoded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf_8_in_a_file_is_read_as_windows_1252_and_told()
    {
        DocumentText document = SampleReader.Good("note.txt", [.. "caf"u8, 0xe9, .. " and ma"u8, 0xdf]);
        Assert.Equal("café and maß", document.Text);
        Assert.Equal(1, SampleReader.Count(document, "windows-1252"));
    }

    [Fact]
    public void A_code_page_that_the_head_declares_is_used()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] bytes = Encoding.GetEncoding("koi8-r").GetBytes("<html><head><meta charset=koi8-r></head><body><p>Насос стоит.</p></body></html>");
        Assert.Equal("Насос стоит.", SampleReader.Good("page.html", bytes).Text);
    }

    [Fact]
    public void Windows_1252_goes_there_and_back()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        string text = Windows1252.Decode(all);
        Assert.Equal(all, text.Select(c => (byte)Windows1252.ByteOf(c)));
    }
}
