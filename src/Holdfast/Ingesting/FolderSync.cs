using System.Threading.Channels;
using Holdfast.Configuration;
using Holdfast.Documents;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Ingesting;

/// <summary>
/// Makes a collection equal to its folder: lists the files, reads those that are new or changed, writes them in batches, takes out those that
/// are gone. A file whose size and time are as stored is not opened; one whose content hash is as stored is not read again.
/// <code>
/// listing -> readers (bytes in flight bounded) -> channel (a batch at most) -> one writer, a transaction a batch
/// </code>
/// Killed at any moment, the store holds whole batches; the next pass does the rest.
/// </summary>
internal sealed class FolderSync(DocumentReader reader, DocumentStore store, ReadingMark mark, IngestOptions options, string dataFolder)
{
    /// <summary>Throws <see cref="StoreException"/> when the store cannot be written; what was written before stays.</summary>
    public async Task<SyncOutcome> RunAsync(KeptFolder folder, IIngestReport report, CancellationToken cancellationToken)
    {
        var listing = FolderScan.List(folder.Root, dataFolder, options.FilesMax);
        var known = Known(folder);
        List<StoreChange> gone = [.. Gone(listing, known)];
        List<FoundFile> toRead = [];
        foreach (var file in listing.Files)
        {
            if (!known.TryGetValue(file.Path, out var print) || print.Bytes != file.Bytes || print.ModifiedTicks != file.ChangedTicks)
            {
                toRead.Add(file);
            }
        }

        var outcome = new SyncOutcome { Unchanged = listing.Files.Count - toRead.Count, Removed = gone.Count };
        foreach (var (path, reason) in listing.Unreadable)
        {
            if (known.TryGetValue(path, out var print) && print is { IsQuarantined: true, ContentHash: "" })
            {
                outcome = outcome with { Unchanged = outcome.Unchanged + 1 };
                continue;
            }

            report.Quarantined(path, reason);
            if (path.Length > 0)
            {
                gone.Add(new PutQuarantined { Path = path, Bytes = 0, ContentHash = "", Reason = reason });
                outcome = outcome with { Quarantined = outcome.Quarantined + 1 };
            }
        }

        store.Apply(folder.Collection, gone);
        outcome = await ReadAllAsync(folder, toRead, known, outcome, report, cancellationToken);
        mark.Write(folder.Collection);
        return outcome;
    }

    /// <summary>What the store holds of the folder, by path; nothing when it was read by other rules, so that all is read again.</summary>
    private Dictionary<string, DocumentFingerprint> Known(KeptFolder folder)
    {
        Dictionary<string, DocumentFingerprint> known = new(StringComparer.Ordinal);
        var isCurrent = mark.IsCurrent(folder.Collection);
        foreach (var print in store.Fingerprints(folder.Collection))
        {
            // Documents that came over HTTP have ids of their own and are not the folder's to judge.
            if (print.Id == DocumentStore.IdFor(folder.Collection, print.Path))
            {
                known[print.Path] = isCurrent ? print : print with { Bytes = -1, ContentHash = "read by other rules" };
            }
        }

        return known;
    }

    private static IEnumerable<StoreChange> Gone(FolderListing listing, Dictionary<string, DocumentFingerprint> known)
    {
        HashSet<string> here = [.. listing.Files.Select(file => file.Path), .. listing.Unreadable.Select(fault => fault.Path)];

        // What lies below a folder that cannot be read now may still be there: it stays until the folder can be looked into.
        var closed = listing.Unreadable.Select(fault => fault.Path + "/").ToList();
        return known.Values
            .Where(print => !here.Contains(print.Path) && !closed.Exists(prefix => print.Path.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(print => new RemoveDocument(print.Id));
    }

    private async Task<SyncOutcome> ReadAllAsync(
        KeptFolder folder,
        List<FoundFile> toRead,
        Dictionary<string, DocumentFingerprint> known,
        SyncOutcome outcome,
        IIngestReport report,
        CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<StoreChange>(new BoundedChannelOptions(options.BatchDocuments) { SingleReader = true });
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var readers = new FileReaders(reader, options, folder.Root);
        var reading = readers.ReadAsync(toRead, known, channel.Writer, failed.Token);
        var batch = new List<StoreChange>();
        var done = 0;
        var characters = 0;
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                batch.Add(change);
                characters += (change as PutDocument)?.Text.Text.Length ?? 0;
                outcome = Count(outcome, change, report);
                report.Progress(++done, toRead.Count);
                if (batch.Count >= options.BatchDocuments || characters >= options.BatchCharacters)
                {
                    store.Apply(folder.Collection, batch);
                    batch.Clear();
                    characters = 0;
                }
            }

            store.Apply(folder.Collection, batch);
        }
        finally
        {
            await failed.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
        return outcome;
    }

    private static SyncOutcome Count(SyncOutcome outcome, StoreChange change, IIngestReport report)
    {
        switch (change)
        {
            case PutQuarantined refused:
                report.Quarantined(refused.Path, refused.Reason);
                return outcome with { Quarantined = outcome.Quarantined + 1 };
            case PutDocument:
                return outcome with { Read = outcome.Read + 1 };
            default:
                return outcome with { Unchanged = outcome.Unchanged + 1 };
        }
    }
}
