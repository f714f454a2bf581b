using System.Threading.Channels;
using Holdfast.Configuration;
using Holdfast.Retrieval.Storing;
using Microsoft.Extensions.Logging;

namespace Holdfast.Ingesting;

/// <summary>
/// Keeps a collection equal to its folder while the server runs. A watcher says when to look; because watchers lose events (full queues,
/// network shares), the folder is also looked at every <see cref="IngestOptions.RescanInterval"/>, less often when a look takes long.
/// </summary>
internal sealed partial class FolderKeeper(FolderSync sync, KeptFolder folder, IngestOptions options, TimeProvider time, ILogger<FolderKeeper> logger)
{
    // A look may take 5 % of one core at most.
    private const int RestPerWork = 20;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // One slot: many events ask for one look.
        var events = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(events.Writer);
        var report = new LoggedReport(logger);
        var rest = options.RescanInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await HasEventAsync(events.Reader, rest, cancellationToken))
                {
                    await Task.Delay(options.SettleTime, time, cancellationToken);
                }

                while (events.Reader.TryRead(out _))
                {
                }

                var started = time.GetTimestamp();
                var outcome = await sync.RunAsync(folder, report, cancellationToken);
                rest = TimeSpan.FromTicks(Math.Max(options.RescanInterval.Ticks, time.GetElapsedTime(started).Ticks * RestPerWork));
                if (outcome.HasChanges)
                {
                    Log.Changed(logger, folder.Collection, outcome.Read, outcome.Quarantined, outcome.Removed);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException fault)
            {
                Log.StoreInTrouble(logger, folder.Collection, fault.Message);
            }
            catch (Exception fault)
            {
                Log.LookFailed(logger, folder.Collection, fault);
            }
        }
    }

    private FileSystemWatcher? Watch(ChannelWriter<bool> events)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder.Root)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            void Tell(object sender, EventArgs what) => events.TryWrite(true);
            watcher.Changed += Tell;
            watcher.Created += Tell;
            watcher.Deleted += Tell;
            watcher.Renamed += Tell;
            watcher.Error += Tell;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // inotify watches run out on large trees (fs.inotify.max_user_watches): the rescan does the work then.
            Log.NotWatched(logger, folder.Collection, options.RescanInterval.TotalSeconds, fault.Message);
            return null;
        }
    }

    private async Task<bool> HasEventAsync(ChannelReader<bool> events, TimeSpan rest, CancellationToken cancellationToken)
    {
        using var waiting = new CancellationTokenSource(rest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, cancellationToken);
        try
        {
            return await events.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private sealed class LoggedReport(ILogger logger) : IIngestReport
    {
        public void Progress(int done, int total)
        {
            // A look while serving is short; its end is one line.
        }

        public void Quarantined(string path, string reason) => Log.Quarantined(logger, path, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Collection {Collection}: {Read} read, {Quarantined} quarantined, {Removed} removed")]
        public static partial void Changed(ILogger logger, string collection, int read, int quarantined, int removed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Quarantined {Path}: {Reason}")]
        public static partial void Quarantined(ILogger logger, string path, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Collection {Collection} cannot follow its folder now: {Reason}")]
        public static partial void StoreInTrouble(ILogger logger, string collection, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Looking at the folder of collection {Collection} failed; trying again")]
        public static partial void LookFailed(ILogger logger, string collection, Exception fault);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The folder of collection {Collection} cannot be watched, it is looked at every {Seconds} s instead: {Reason}")]
        public static partial void NotWatched(ILogger logger, string collection, double seconds, string reason);
    }
}
