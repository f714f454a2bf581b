using System.IO.Compression;

namespace Holdfast.Documents.Reading.Docx;

/// <summary>
/// Looks through a zip container before a library opens it: what it is, how many entries it has, and what its XML unpacks to, measured and not as declared,
/// because a bomb lies about its sizes.
/// </summary>
internal static class ZipGuard
{
    private const int ScratchBytes = 64 * 1024;

    public static void Check(ReadJob job)
    {
        using MemoryStream source = new(job.Content.ToArray(), writable: false);
        using ZipArchive archive = Open(source);
        if (archive.Entries.Count > job.Options.ZipEntriesMax)
        {
            throw new ReadFaultException($"is a zip container of {archive.Entries.Count} entries, more than {job.Options.ZipEntriesMax} (documents.zipEntriesMax)");
        }

        CheckKind(archive);
        byte[] scratch = new byte[ScratchBytes];
        long total = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!IsRead(entry.FullName))
            {
                continue;
            }

            using Stream stream = entry.Open();
            int read;
            while ((read = stream.Read(scratch, 0, scratch.Length)) > 0)
            {
                job.CancellationToken.ThrowIfCancellationRequested();
                total += read;
                if (total > job.Options.ExpandedBytesMax)
                {
                    throw new ReadFaultException(
                        $"the Word document unpacks to more than {job.Options.ExpandedBytesMax} bytes (documents.expandedBytesMax), as a zip bomb does: split it, or raise the limit if you trust it");
                }
            }
        }
    }

    private static ZipArchive Open(MemoryStream source)
    {
        try
        {
            return new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException exception)
        {
            throw new ReadFaultException($"is a damaged zip container ({exception.Message.TrimEnd('.')}): fetch or export it again");
        }
    }

    private static void CheckKind(ZipArchive archive)
    {
        if (archive.GetEntry("word/document.xml") is not null)
        {
            return;
        }

        bool isWord = false;
        string? other = null;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            isWord |= entry.FullName.StartsWith("word/", StringComparison.OrdinalIgnoreCase);
            other ??= entry.FullName switch
            {
                "xl/workbook.xml" => "an Excel workbook: save its sheets as .csv",
                "ppt/presentation.xml" => "a PowerPoint file: export it as PDF",
                "mimetype" => "an OpenDocument or EPUB file: export it as .docx or PDF",
                _ => null,
            };
        }

        if (!isWord)
        {
            throw new ReadFaultException($"is {other ?? "a zip archive: unpack it and add what is in it"}");
        }
    }

    // The parts that the package library or we look into; pictures stay packed.
    private static bool IsRead(string name) =>
        name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);
}
