using System.Net;
using Holdfast.Engine.Gguf;
using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>
/// One file from the hub into a folder: choose, check the room, go on where the last try ended, compare the digest, give it its name. There is no
/// retry: a transfer that breaks goes on with the byte after the last one as long as each connection brings some; any other fault ends the
/// pull, what came is kept, and the same command goes on.
/// </summary>
internal sealed class Pull(HubAddress hub, PullOptions options, TimeProvider time, IPullReport report)
{
    /// <summary>Bytes that may still be written to the disk of a folder; null where the system does not say.</summary>
    internal Func<string, long?> FreeBytes { get; init; } = RoomOf;

    /// <summary>Throws <see cref="PullException"/> with a message for people, <see cref="OperationCanceledException"/> after Ctrl-C.</summary>
    public async Task<PulledModel> RunAsync(PullName name, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HubClient(hub, options, time);
            return await RunAsync(client, name, folder, cancellationToken);
        }
        catch (HubAwayException fault)
        {
            var page = name.Entry is { } entry ? hub.At($"{entry.Repository}/resolve/{entry.Commit}/{entry.File}").AbsoluteUri : $"{hub.Text}/{name.Repository}";
            throw new PullException(
                $"{fault.Message}\n  without a network: take the file elsewhere from {page}, copy it into {Terminal.Shown(folder)}, or show where it lies with --models DIR\n" +
                $"  behind a proxy: HTTPS_PROXY; a mirror: {HubAddress.EndpointVariable}; what is here is kept, the same command goes on");
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new PullException($"{Terminal.Shown(fault.Message.TrimEnd('.'))}; may this user write to {Terminal.Shown(folder)}? Another folder: --models DIR");
        }
        catch (IOException fault)
        {
            throw new PullException($"cannot write to {Terminal.Shown(folder)}: {Terminal.Shown(fault.Message.TrimEnd('.'))}{Room(folder)}; what is here is kept, the same command goes on. Another folder: --models DIR");
        }
    }

    private async Task<PulledModel> RunAsync(HubClient client, PullName name, string folder, CancellationToken cancellationToken)
    {
        var (repository, file) = await FindAsync(client, name, cancellationToken);
        if (file.Sha256 is not { Length: 64 } || file.Bytes <= 0)
        {
            throw new PullException($"{hub.Text} states no SHA-256 and size of {Terminal.Shown(file.Path)}, so nothing could be checked; copy the file into {Terminal.Shown(folder)} yourself");
        }

        var target = Path.Combine(folder, FileChoice.BaseName(file));
        if (File.Exists(target))
        {
            await CheckExistingAsync(target, file, cancellationToken);
            report.Note($"{Terminal.Shown(target)} is here already, whole and unchanged");
        }
        else
        {
            await TransferAsync(client, repository, file, folder, target, cancellationToken);
        }

        return new PulledModel { Name = ModelName.Of(target), Path = target, Bytes = file.Bytes, Sha256 = file.Sha256, Licence = repository.Licence };
    }

    private async Task<(HubRepository Repository, HubFile File)> FindAsync(HubClient client, PullName name, CancellationToken cancellationToken)
    {
        if (name.Entry is { } entry)
        {
            var known = new HubFile(entry.File, entry.Bytes, entry.Sha256);
            return (new HubRepository(entry.Repository, entry.Commit, entry.Licence, [known]), known);
        }

        var repository = await client.ListAsync(name.Repository, cancellationToken);
        var (file, note) = FileChoice.Choose(repository, name.Selector);
        if (note is not null)
        {
            report.Note(note);
        }

        return (repository, file);
    }

    private static async Task CheckExistingAsync(string target, HubFile file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.Read);
        var digest = stream.Length == file.Bytes ? Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellationToken)) : null;
        if (digest != file.Sha256)
        {
            throw new PullException($"{Terminal.Shown(target)} is here with other content than the hub's ({(digest is null ? $"{stream.Length} bytes, there {file.Bytes}" : $"SHA-256 {digest}, there {file.Sha256}")}); it is not overwritten: move it away, or pull into another folder with --models DIR");
        }
    }

    private async Task TransferAsync(HubClient client, HubRepository repository, HubFile file, string folder, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var source = $"{repository.Name}/{file.Path}";
        var wanted = new PartialNote { Source = source, Bytes = file.Bytes, Sha256 = file.Sha256! };
        using var partial = await PartialFile.OpenAsync(target, wanted, report.Note, cancellationToken);
        CheckRoom(folder, file.Bytes - partial.Bytes);
        if (partial.Bytes > 0)
        {
            report.Note($"going on after {ByteText.Of(partial.Bytes)} of {ByteText.Of(file.Bytes)}");
        }

        for (var cuts = 0; partial.Bytes < file.Bytes; cuts++)
        {
            var before = partial.Bytes;
            var end = await ReadOnceAsync(client, repository, file, partial, cancellationToken);
            if (partial.Bytes < file.Bytes && (partial.Bytes == before || cuts >= options.ContinuationsMax))
            {
                throw new PullException($"{end} after {ByteText.Of(partial.Bytes)} of {ByteText.Of(file.Bytes)}; what came is kept, the same command goes on");
            }

            if (partial.Bytes < file.Bytes)
            {
                report.Note($"{end}; {(partial.Bytes == 0 ? "starting anew" : $"going on after {ByteText.Of(partial.Bytes)} of {ByteText.Of(file.Bytes)}")}");
            }
        }

        report.Progress(file.Bytes, file.Bytes);
        if (partial.Digest() is var digest && digest != file.Sha256)
        {
            partial.Remove();
            throw new PullException($"{source} is not what the hub promises and was removed: SHA-256 {digest}, promised {file.Sha256}; pull it again, and if it happens again distrust the source or a proxy in between");
        }

        partial.Finish(target);
    }

    /// <summary>One connection: appends what comes and says how it ended.</summary>
    private async Task<string> ReadOnceAsync(HubClient client, HubRepository repository, HubFile file, PartialFile partial, CancellationToken cancellationToken)
    {
        using var response = await client.OpenAsync(repository.Name, repository.Commit, file.Path, partial.Bytes, partial.Tag, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            partial.Restart();
            return "the server has no part after the one that is here";
        }

        if (response.StatusCode == HttpStatusCode.OK && partial.Bytes > 0)
        {
            report.Note("the server sends the whole file and not the rest (it has changed there, or the server knows no parts); starting anew");
            partial.Restart();
        }

        CheckLengths(response, file, partial.Bytes);
        partial.Keep(response.Headers.ETag);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[256 << 10];
        while (true)
        {
            var (count, end) = await ReadAsync(body, buffer, cancellationToken);
            if (end is not null)
            {
                return end;
            }

            if (partial.Bytes + count > file.Bytes)
            {
                partial.Remove();
                throw new PullException($"the server sends more than the {file.Bytes} bytes that the hub lists for {Terminal.Shown(file.Path)}; what came was removed");
            }

            await partial.AppendAsync(buffer.AsMemory(0, count), cancellationToken);
            report.Progress(partial.Bytes, file.Bytes);
        }
    }

    private async Task<(int Count, string? End)> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.StallTime);
        try
        {
            var count = await body.ReadAsync(buffer, stall.Token);
            return (count, count == 0 ? "the connection ended" : null);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (0, "the connection broke");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (0, "the server fell silent");
        }
    }

    private static void CheckLengths(HttpResponseMessage response, HubFile file, long start)
    {
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode == HttpStatusCode.PartialContent && (range?.From != start || (range.HasLength && range.Length != file.Bytes)))
        {
            throw new PullException($"the server sends {Terminal.Shown(range?.ToString() ?? "a part without a place")} when asked for byte {start} on of {file.Bytes}; what is here is kept, another mirror may do better: {HubAddress.EndpointVariable}");
        }

        if (response.Content.Headers.ContentLength is { } length && start + length != file.Bytes)
        {
            throw new PullException($"the server announces {start + length} bytes for {Terminal.Shown(file.Path)}, the hub lists {file.Bytes}; nothing was taken");
        }
    }

    private void CheckRoom(string folder, long bytes)
    {
        if (FreeBytes(folder) is { } free && free < bytes + options.FreeBytesLeft)
        {
            throw new PullException($"{Terminal.Shown(folder)} has room for {ByteText.Of(free)}; {ByteText.Of(bytes)} are to come, and {ByteText.Of(options.FreeBytesLeft)} stay free; make room, or pull into another folder with --models DIR");
        }
    }

    private static long? RoomOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            // A network path without a letter: its room is not known, and a full disk is told when it is met.
            return null;
        }
    }

    private string Room(string folder) => Directory.Exists(folder) && FreeBytes(folder) is { } free ? $" ({ByteText.Of(free)} are free)" : "";
}
