using System.Globalization;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Exceptions;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>Reads a PDF by PdfPig: bounded in pages, unpacked bytes and characters; a page that breaks is counted, not fatal, unless all do.</summary>
internal static class PdfReader
{
    // Deepest nesting of objects and forms. Real files stay under 20; the parser recurses.
    private const int NestingMax = 128;

    public static Draft Read(ReadJob job)
    {
        ExpansionBudget budget = new(job.Options, job.CancellationToken);
        try
        {
            using PdfDocument document = Open(job, budget);
            new PdfDrawingWalk(document, budget, job.Options).Check();
            return Read(document, job, budget);
        }
        catch (Exception exception) when (budget.Fault is not null && exception is not (ReadFaultException or OperationCanceledException))
        {
            throw budget.Fault;
        }
        catch (PdfDocumentEncryptedException)
        {
            throw new ReadFaultException("the PDF is encrypted with a password: save a copy without it (qpdf --decrypt --password=… in.pdf out.pdf)");
        }
    }

    private static PdfDocument Open(ReadJob job, ExpansionBudget budget)
    {
        try
        {
            return PdfDocument.Open(job.Content, Options(budget));
        }
        catch (Exception exception) when (IsWorthRepair(exception, budget))
        {
            // The library repairs wrong offsets, but not a missing end.
            byte[]? repaired = PdfRepair.Rebuild(job.Content.Span);
            if (repaired is null)
            {
                throw;
            }

            return PdfDocument.Open(repaired, Options(budget));
        }
    }

    private static bool IsWorthRepair(Exception exception, ExpansionBudget budget) =>
        budget.Fault is null && exception is not (PdfDocumentEncryptedException or OperationCanceledException or OutOfMemoryException);

    private static ParsingOptions Options(ExpansionBudget budget) => new()
    {
        UseLenientParsing = true,
        SkipMissingFonts = true,
        ClipPaths = false,
        UseActualText = false,
        MaxStackDepth = NestingMax,
        FilterProvider = new BoundedFilters(budget),
        Logger = new NoOpLog(),
    };

    private static Draft Read(PdfDocument document, ReadJob job, ExpansionBudget budget)
    {
        int count = document.NumberOfPages;
        if (count > job.Options.PagesMax)
        {
            throw new ReadFaultException($"the PDF has {count} pages, more than {job.Options.PagesMax} (documents.pagesMax): split it or raise the limit");
        }

        if (count == 0)
        {
            throw new ReadFaultException("the PDF has no pages: it is damaged or empty; export it again");
        }

        PdfPageLines?[] pages = new PdfPageLines?[count];
        string? pageFault = null;
        int broken = 0;
        long characters = 0;
        for (int i = 0; i < count; i++)
        {
            job.CancellationToken.ThrowIfCancellationRequested();
            budget.BeginPage();
            try
            {
                Page page = document.GetPage(i + 1);
                pages[i] = PdfPageReader.Read(page);
                characters += page.Letters.Count;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or ReadFaultException or OutOfMemoryException))
            {
                // The library throws all kinds of exceptions at a broken page; the others may still be good.
                broken++;
                pageFault ??= $"page {i + 1}: {exception.Message}";
            }

            if (budget.Fault is not null)
            {
                throw budget.Fault;
            }

            if (characters > job.Options.CharactersMax)
            {
                throw new ReadFaultException(
                    $"the PDF holds more than {job.Options.CharactersMax} characters of text (documents.charactersMax): split it or raise the limit");
            }
        }

        if (broken == count)
        {
            throw new ReadFaultException($"the PDF is damaged, no page could be read ({pageFault!.ReplaceLineEndings(" ")}): export it again");
        }

        return new PdfLayout(pages, broken, job).ToDraft(Known(document.Information.Title), Attributes(document.Information, job.Options));
    }

    private static Dictionary<string, object> Attributes(DocumentInformation information, DocumentOptions options)
    {
        AttributeSet attributes = new(options);
        attributes.Add("author", Known(information.Author));
        attributes.Add("subject", Known(information.Subject));
        attributes.Add("keywords", information.Keywords);
        attributes.Add("date", Date(information.CreationDate));
        return attributes.ToDictionary();
    }

    // What tools write when they know nothing.
    private static string? Known(string? value) => value?.Trim() is "untitled" or "anonymous" or "unspecified" or "Untitled" or "unknown" ? null : value;

    // D:20260314093000+01'00'
    private static string? Date(string? value)
    {
        string digits = value is not null && value.StartsWith("D:", StringComparison.Ordinal) ? value[2..] : value ?? "";
        return digits.Length >= 8 && DateOnly.TryParseExact(digits[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }
}
