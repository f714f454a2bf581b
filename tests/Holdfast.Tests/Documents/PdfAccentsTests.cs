using Holdfast.Documents.Reading.Pdf;

namespace Holdfast.Tests.Documents;

public sealed class PdfAccentsTests
{
    [Theory]
    [InlineData("e", "é")]
    [InlineData("ı", "í")]
    [InlineData("q", null)]
    [InlineData("ffi", null)]
    [InlineData("e\ufffe", null)]
    [InlineData("e\ud800", null)]
    public void An_accent_goes_on_one_letter_and_on_nothing_else(string letter, string? expected) =>
        Assert.Equal(expected, PdfAccents.Compose(At("´"), At(letter)));

    private static PdfGlyph At(string value) => new(value, 10, 15, 100, 12, false, false);
}
