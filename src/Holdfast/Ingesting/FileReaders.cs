using System.Security.Cryptography;
using System.Threading.Channels;
using Holdfast.Configuration;
using Holdfast.Documents;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Ingesting;

/// <summary>
/// Reads files side by side and turns each into one change of the store. Bytes in flight are bounded: small files by the number of readers,
/// and of files larger than a reader's share only one is in memory at a time.
/// </summary>
internal sealed class FileReaders(DocumentReader reader, IngestOptions options, string root)
{
    /// <summary>Completes <paramref name="changes"/> when all is read, with the fault when reading ended by one.</summary>
    public async Task ReadAsync(List<FoundFile> files, Dictionary<string, DocumentFingerprint> known, ChannelWriter<StoreChange> changes, CancellationToken cancellationToken)
    {
        var readers = options.Readers > 0 ? options.Readers : Math.Max(1, Environment.ProcessorCount - 1);
        using var largeFiles = new SemaphoreSlim(1);
        var fault = default(Exception);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = readers, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(files, parallel, async (file, token) =>
            {
                var isLarge = file.Bytes > options.BytesInFlightMax / readers;
                if (isLarge)
                {
                    await largeFiles.WaitAsync(token);
                }

                try
                {
                    if (await ReadOneAsync(file, known.GetValueOrDefault(file.Path), token) is { } change)
                    {
                        await changes.WriteAsync(change, token);
                    }
                }
                finally
                {
                    if (isLarge)
                    {
                        largeFiles.Release();
                    }
                }
            });
        }
        catch (Exception thrown)
        {
            fault = thrown;
            throw;
        }
        finally
        {
            changes.TryComplete(fault);
        }
    }

    /// <summary>Null when the file went away between the listing and now: the next pass sees it.</summary>
    private async Task<StoreChange?> ReadOneAsync(FoundFile file, DocumentFingerprint? print, CancellationToken cancellationToken)
    {
        var refused = new PutQuarantined { Path = file.Path, Bytes = file.Bytes, ModifiedTicks = file.ChangedTicks, ContentHash = "", Reason = "" };
        if (file.Bytes == 0)
        {
            // Not opened: a pipe or a device has length 0 as well, and would block the reader for ever.
            return refused with { Reason = "is empty; nothing to index" };
        }

        if (reader.RefuseBySize(file.Path, file.Bytes) is { Quarantine: { } tooLarge })
        {
            return refused with { Reason = tooLarge };
        }

        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(Path.Combine(root, file.Path), cancellationToken);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var why = fault is UnauthorizedAccessException ? "permission denied; give this user the right to read it" : fault.Message;
            return refused with { Reason = $"cannot be read: {why}" };
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (print?.ContentHash == hash && print.Bytes == content.Length)
        {
            return new TouchDocument(print.Id, file.ChangedTicks);
        }

        var outcome = reader.Read(file.Path, content, cancellationToken);
        return outcome.Document is { } document
            ? new PutDocument { Path = file.Path, Bytes = content.Length, ModifiedTicks = file.ChangedTicks, ContentHash = hash, Text = document }
            : refused with { ContentHash = hash, Reason = outcome.Quarantine ?? "" };
    }
}
