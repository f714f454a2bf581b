using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Tests.Documents;

public sealed class DocxReaderTests
{
    [Fact]
    public void Headings_lists_and_tables_keep_their_shape()
    {
        DocumentText document = SampleReader.Good("plan.docx", Make(body => body.Append(
            Paragraph("Restart plan", "Heading1"),
            Paragraph("Press start."),
            Paragraph("Order", "MyHeading"),
            Item("pump"),
            Item("valve"),
            new Table(Row("Pump", "Bar"), Row("P-1", "4")),
            Paragraph("End."))));
        Assert.Equal("Restart plan\n\nPress start.\n\nOrder\n\n- pump\n- valve\n\nPump | Bar\nP-1 | 4\n\nEnd.", document.Text);
        Assert.Equal([1, 2], document.Headings.Select(h => h.Level));
        Assert.Equal("Restart plan", document.Title);
        Assert.Equal("Ada", document.Attributes["author"]);
    }

    [Fact]
    public void Deleted_text_and_field_codes_are_not_text_and_hidden_runs_are_counted()
    {
        DocumentText document = SampleReader.Good("plan.docx", Make(body => body.Append(new Paragraph(
            new Run(new Text("Seen ") { Space = SpaceProcessingModeValues.Preserve }),
            new DeletedRun(new Run(new DeletedText("gone"))),
            new Run(new FieldCode(" PAGE ")),
            new Run(new RunProperties(new Vanish()), new Text("obey me")),
            new Run(new TabChar(), new Text("text"), new Break(), new Text("next"))))));
        Assert.Equal("Seen text\nnext", document.Text);
        Assert.Equal(1, SampleReader.Count(document, "hidden-text"));
    }

    internal static byte[] Make(Action<Body> fill)
    {
        using MemoryStream stream = new();
        using (WordprocessingDocument document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            document.PackageProperties.Creator = "Ada";
            MainDocumentPart main = document.AddMainDocumentPart();
            main.AddNewPart<StyleDefinitionsPart>().Styles = new Styles(
                new Style(new StyleName { Val = "own" }, new StyleParagraphProperties(new OutlineLevel { Val = 1 })) { Type = StyleValues.Paragraph, StyleId = "MyHeading" });
            Body body = new();
            main.Document = new Document(body);
            fill(body);
        }

        return stream.ToArray();
    }

    internal static Paragraph Paragraph(string text, string? style = null) => new(
        new ParagraphProperties { ParagraphStyleId = style is null ? null : new ParagraphStyleId { Val = style } },
        new Run(new Text(text)));

    private static Paragraph Item(string text) => new(
        new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = 1 })), new Run(new Text(text)));

    private static TableRow Row(params string[] cells) => new(cells.Select(c => new TableCell(Paragraph(c))));
}
