using System.Text.Json;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Records;

/// <summary>The disk side of the record: traces to day files, then their rows to the index in one transaction. Owned by the writer loop.</summary>
internal sealed partial class RecordWriter(string dataFolder, RecordOptions options, TimeProvider clock, ILogger log) : IDisposable
{
    /// <summary>Rows of one transaction: at 512 its fixed cost is under a microsecond a row.</summary>
    public const int BatchMax = 512;

    private const int TrimEvery = 10_000;

    /// <summary>
    /// A batch is gathered for this long. Without it a row had a transaction and a woken thread of its own: 36 of 105 us of CPU a request,
    /// measured at 5,000 requests a second on two cores.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private readonly TraceFiles _files = new(TraceFiles.FolderIn(dataFolder), options.FileBytesMax, options.FilesBytesMax);
    private readonly CancellationTokenSource _hurry = new();
    private readonly TraceLineWriter _line = new(options.BodyBytesMax);
    private readonly List<IndexRow> _rows = new(BatchMax);
    private RecordIndex? _index;
    private bool _isRefusing;
    private int _sinceTrim;

    /// <summary>Opens the record, brings the index up to the trace files, and returns the last number that is in it.</summary>
    public long Open()
    {
        try
        {
            _index = RecordIndex.Open(dataFolder);
            CatchUp(_index);
            return _index.LastSequence();
        }
        catch (Exception fault) when (IsDisk(fault))
        {
            Refusing(fault);
            return 0;
        }
    }

    /// <summary>From now on a refusing disk is tried once more and not waited for.</summary>
    public void Hurry() => _hurry.Cancel();

    public async Task GatherAsync() => await Task.Delay(Gathering, clock, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Writes a batch once; waits and tries again while the disk refuses. False: the process ends and the disk still refuses.</summary>
    public async Task<bool> WriteAsync(IReadOnlyList<WaitingRecord> batch)
    {
        _rows.Clear();
        while (true)
        {
            try
            {
                Write(batch);
                if (_isRefusing)
                {
                    _isRefusing = false;
                    Log.Accepted(log, batch.Count);
                }

                return true;
            }
            catch (Exception fault) when (IsDisk(fault))
            {
                Refusing(fault);
            }

            if (_hurry.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(options.DiskRetry, clock, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _index?.Dispose();
        _files.Dispose();
        _line.Dispose();
        _hurry.Dispose();
    }

    private void Write(IReadOnlyList<WaitingRecord> batch)
    {
        // Rows made by a try that failed later stay: their lines are in the file already.
        for (var i = _rows.Count; i < batch.Count; i++)
        {
            _rows.Add(WriteTrace(batch[i]));
        }

        _files.Flush();
        _index ??= RecordIndex.Open(dataFolder);
        _index.Add(_rows);
        _sinceTrim += _rows.Count;
        if (_sinceTrim >= TrimEvery)
        {
            _sinceTrim = 0;
            _index.Trim(options.RowsMax);
        }
    }

    private IndexRow WriteTrace(WaitingRecord record)
    {
        var x = record.Exchange;
        var usage = x.Usage is { } u ? new TraceUsage(u.PromptTokens, u.CompletionTokens, u.CachedTokens, UsageWords.Of(u.Source)) : null;
        if (record.Bytes == 0)
        {
            return new IndexRow(x.Sequence, TraceBuilder.Row(x), usage, null, 0, 0);
        }

        var place = _files.Append(DateOnly.FromDateTime(x.At.UtcDateTime), _line.Write(x));
        return new IndexRow(x.Sequence, TraceBuilder.Row(x), usage, place.File, place.Offset, place.Length);
    }

    /// <summary>A kill can come between a trace and its row: the newest two files are read from where the index ends.</summary>
    private void CatchUp(RecordIndex index)
    {
        foreach (var name in _files.Names().TakeLast(2))
        {
            var rows = new List<IndexRow>();
            foreach (var (place, bytes) in _files.LinesFrom(name, index.IndexedEnd(name)))
            {
                if (Parse(bytes) is { } line)
                {
                    rows.Add(RowOf(line, place));
                }
            }

            index.Add(rows);
        }
    }

    private static TraceLine? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordJson.Readable.TraceLine);
        }
        catch (JsonException)
        {
            // A line that a failing disk left behind: there is no row to be made of it.
            return null;
        }
    }

    private static IndexRow RowOf(TraceLine line, TracePlace place)
    {
        var trace = line.Trace;
        var row = new TraceRow
        {
            Id = trace.Id,
            At = trace.At,
            Key = trace.Key,
            Route = trace.Route,
            Model = trace.Model,
            AnsweredBy = trace.AnsweredBy,
            Status = trace.Status,
            Microseconds = trace.Microseconds,
            TtftMicroseconds = trace.TtftMicroseconds,
            PromptTokens = trace.Usage?.PromptTokens,
            CompletionTokens = trace.Usage?.CompletionTokens,
            Note = trace.Warnings.Count > 0 ? trace.Warnings[^1] : null,
        };
        return new IndexRow(line.Sequence, row, trace.Usage, place.File, place.Offset, place.Length);
    }

    private void Refusing(Exception fault)
    {
        if (_isRefusing)
        {
            return;
        }

        _isRefusing = true;
        Log.Refused(log, fault.Message);
    }

    private static bool IsDisk(Exception fault) => fault is IOException or UnauthorizedAccessException or SqliteException;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The disk refuses the record; serving goes on and rows wait in memory: {Fault}")]
        public static partial void Refused(ILogger logger, string fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "The disk takes the record again; {Rows} rows of the first batch are written")]
        public static partial void Accepted(ILogger logger, int rows);
    }
}
