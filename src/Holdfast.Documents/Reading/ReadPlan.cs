using Holdfast.Documents.Encodings;
using Holdfast.Documents.Reading.Docx;
using Holdfast.Documents.Reading.Html;
using Holdfast.Documents.Reading.Markdown;
using Holdfast.Documents.Reading.Pdf;
using Holdfast.Documents.Reading.Records;

namespace Holdfast.Documents.Reading;

/// <summary>Which reader reads a file; made by looking at its first bytes and its name.</summary>
internal sealed record ReadPlan(DocumentFormat Format, ReadJob Job)
{
    /// <summary>Chooses, or throws the line for a file that no reader reads.</summary>
    public static ReadPlan For(string name, ReadOnlyMemory<byte> content, DocumentOptions options)
    {
        ReadJob job = new() { Name = name, Content = content, Options = options, CancellationToken = CancellationToken.None };
        ReadOnlySpan<byte> bytes = content.Span;
        if (FormatSniffer.IsPdf(bytes))
        {
            return new ReadPlan(DocumentFormat.Pdf, job);
        }

        if (FormatSniffer.IsZip(bytes))
        {
            return new ReadPlan(DocumentFormat.Docx, job);
        }

        string? foreign = FormatSniffer.IsCompoundFile(bytes) ? CompoundKind(bytes) : FormatSniffer.ForeignKind(bytes);
        if (foreign is not null)
        {
            throw new ReadFaultException($"is {foreign}{(Claim(job) is { } claim ? $", though named {claim}" : "")}: {Remedy(foreign)}");
        }

        DecodedText decoded = TextDecoder.Decode(bytes, DeclaredEncoding.Of(bytes))
            ?? throw new ReadFaultException($"is binary data of no known format{(Claim(job) is { } named ? $", though named {named}" : "")}: remove it, or convert it to text, PDF or DOCX");
        if (job.Extension is ".pdf" or ".docx")
        {
            throw new ReadFaultException(
                $"is named {job.Extension} but is plain text and not {(job.Extension == ".pdf" ? "a PDF" : "a Word document")}: rename it to .txt or .html, or fetch the real file again");
        }

        return new ReadPlan(FormatSniffer.OfText(decoded.Text, job.Extension), job with { Text = decoded.Text, DecodingCount = decoded.Count });
    }

    public Draft Read(CancellationToken cancellationToken)
    {
        ReadJob job = Job with { CancellationToken = cancellationToken };
        Draft draft = Format switch
        {
            DocumentFormat.Pdf => PdfReader.Read(job),
            DocumentFormat.Docx => DocxReader.Read(job),
            DocumentFormat.Markdown => MarkdownReader.Read(job),
            DocumentFormat.Csv => CsvReader.Read(job),
            DocumentFormat.JsonLines => JsonLinesReader.Read(job),
            DocumentFormat.Html => HtmlReader.Read(job),
            _ => PlainTextReader.Read(job),
        };

        return job.DecodingCount is null ? draft : draft with { Counts = [job.DecodingCount, .. draft.Counts] };
    }

    private static string? Claim(ReadJob job) =>
        job.Extension is ".txt" or ".md" or ".markdown" or ".html" or ".htm" or ".pdf" or ".docx" or ".csv" or ".jsonl" ? job.Extension : null;

    private static string CompoundKind(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8) >= 0
            ? "an Office document encrypted with a password"
            : "an Office document of the old binary format (.doc, .xls, .ppt)";

    private static string Remedy(string kind)
    {
        if (kind.Contains("encrypted", StringComparison.Ordinal))
        {
            return "save a copy without the password";
        }

        if (kind.Contains("Office", StringComparison.Ordinal) || kind.Contains("RTF", StringComparison.Ordinal))
        {
            return "save it as .docx or PDF";
        }

        if (kind.Contains("archive", StringComparison.Ordinal))
        {
            return "unpack it and add what is in it";
        }

        return kind.Contains("image", StringComparison.Ordinal) ? "recognise its text first (OCR) and add the result" : "it holds no document; remove it";
    }
}
