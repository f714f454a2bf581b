using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Docx;

/// <summary>Reads a Word document: the package by OpenXml, the body as a stream of XML, so that no tree of a long document is built.</summary>
internal static class DocxReader
{
    public static Draft Read(ReadJob job)
    {
        ZipGuard.Check(job);
        using MemoryStream source = new(job.Content.ToArray(), writable: false);
        using WordprocessingDocument document = Open(source, job.Options);
        MainDocumentPart main = document.MainDocumentPart
            ?? throw new ReadFaultException("the Word document has no main part: it is damaged; open and save it again");
        DraftBuilder builder = new(job.Options.CharactersMax);
        DocxBody body = new(builder, DocxStyles.HeadingLevels(main), job.CancellationToken);
        using (Stream stream = main.GetStream(FileMode.Open, FileAccess.Read))
        {
            body.Read(stream);
        }

        Notes(main.FootnotesPart, body);
        Notes(main.EndnotesPart, body);
        builder.Close();
        return ToDraft(document, builder, body.HiddenRuns, job.Options);
    }

    private static WordprocessingDocument Open(MemoryStream source, DocumentOptions options)
    {
        try
        {
            return WordprocessingDocument.Open(source, isEditable: false, new OpenSettings
            {
                AutoSave = false,
                MaxCharactersInPart = options.ExpandedBytesMax,
                MarkupCompatibilityProcessSettings = new MarkupCompatibilityProcessSettings(MarkupCompatibilityProcessMode.NoProcess, FileFormatVersions.Office2019),
            });
        }
        catch (Exception exception) when (exception is OpenXmlPackageException or FileFormatException or InvalidDataException)
        {
            throw new ReadFaultException($"the Word document is damaged ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}): open and save it again");
        }
    }

    private static void Notes(OpenXmlPart? part, DocxBody body)
    {
        if (part is not null)
        {
            using Stream stream = part.GetStream(FileMode.Open, FileAccess.Read);
            body.Read(stream);
        }
    }

    private static Draft ToDraft(WordprocessingDocument document, DraftBuilder builder, int hidden, DocumentOptions options)
    {
        AttributeSet attributes = new(options);
        attributes.Add("author", document.PackageProperties.Creator);
        attributes.Add("subject", document.PackageProperties.Subject);
        attributes.Add("keywords", document.PackageProperties.Keywords);
        attributes.Add("category", document.PackageProperties.Category);
        attributes.Add("date", document.PackageProperties.Modified?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        string text = builder.ToString();
        Block heading = builder.Blocks.FirstOrDefault(static b => b.Kind == BlockKind.Heading);
        return new Draft
        {
            MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Text = text,
            Blocks = builder.Blocks,
            Title = heading.Length > 0 ? text.Substring(heading.Start, heading.Length) : document.PackageProperties.Title,
            Attributes = attributes.ToDictionary(),
            Counts = hidden > 0 ? [new RuleCount("hidden-text", hidden)] : [],
        };
    }
}
