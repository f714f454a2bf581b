using System.Threading.Channels;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Records;

/// <summary>
/// Records requests without making one wait. A request leaves its exchange here and goes on; one loop writes traces to day files and
/// rows to the index, in batches. A disk that refuses stops nothing: rows wait in memory up to a bound, the gauge
/// <c>holdfast_record_rows_waiting</c> and one log line say so, and the batch is tried again until it is written once (rows are keyed by
/// request id). Past the bound of bytes a trace's content is dropped and counted, past the bound of rows the oldest row is lost, by number.
/// </summary>
internal sealed partial class RecordBook : IHostedService, ITraceReader, IDisposable
{
    private readonly RecordOptions _options;
    private readonly GatewayMeters _meters;
    private readonly ILogger<RecordBook> _log;
    private readonly Channel<WaitingRecord> _waiting;
    private readonly RecentTraces _recent;
    private readonly TraceArchive _archive;
    private readonly SequenceMark _mark;
    private readonly RecordWriter _writer;
    private readonly Lock _gate = new();
    private long _sequence;
    private long _waitingBytes;
    private long _rowsWaiting;
    private Task _loop = Task.CompletedTask;
    private volatile bool _isOpen;

    public RecordBook(GatewayFolder folder, GatewayOptions options, GatewayMeters meters, TimeProvider clock, ILogger<RecordBook> log)
    {
        _options = options.Records;
        _meters = meters;
        _log = log;
        _recent = new RecentTraces(_options.RecentBytesMax);
        _archive = new TraceArchive(folder.Path);
        _mark = new SequenceMark(folder.Path);
        _writer = new RecordWriter(folder.Path, _options, clock, log);
        _waiting = Channel.CreateBounded<WaitingRecord>(
            new BoundedChannelOptions(_options.SpooledRowsMax)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
                SingleWriter = false,
                AllowSynchronousContinuations = false,
            },
            Lose);
        meters.Watch("holdfast_record_rows_waiting", "{row}", "Rows that wait for the disk.", () => Interlocked.Read(ref _rowsWaiting));
        meters.Watch("holdfast_record_bytes_waiting", "By", "Bytes of traces that wait for the disk.", () => Interlocked.Read(ref _waitingBytes));
        meters.Watch("holdfast_recent_traces_bytes", "By", "Bytes of the newest traces in memory.", () => _recent.Bytes);
    }

    /// <summary>What the run before this one lost when it was killed, in words; null when nothing.</summary>
    public string? Loss { get; private set; }

    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    public long RecentBytes => _recent.Bytes;

    public long RowsWaiting => Interlocked.Read(ref _rowsWaiting);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var kept = _writer.Open();
        _sequence = Math.Max(kept, _mark.Issued);
        if (_mark.Fault is { } fault)
        {
            Log.NoMark(_log, fault);
        }

        if (_mark.Issued > kept)
        {
            Loss = $"requests {kept + 1} to {_mark.Issued} of the run before are not in the record: it ended before they were written; the last kept is {kept}";
            Log.Lost(_log, kept + 1, _mark.Issued, kept);
        }

        _isOpen = true;
        _loop = RunAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        _writer.Hurry();
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes a finished exchange. Never waits, never throws for the disk.</summary>
    public void Add(Exchange x)
    {
        if (x.IsRecorded)
        {
            return;
        }

        x.IsRecorded = true;
        ExchangeHead.Keep(x);
        x.Release();
        _recent.Add(x);
        if (!_isOpen)
        {
            // A verb that answers without a server: what it asks is not the service's record.
            return;
        }

        var bytes = RecentTraces.Weigh(x);
        if (Interlocked.Add(ref _waitingBytes, bytes) > _options.WaitingBytesMax)
        {
            Interlocked.Add(ref _waitingBytes, -bytes);
            bytes = 0;
            _meters.RecordsDropped.Add(1);
        }

        Interlocked.Increment(ref _rowsWaiting);
        lock (_gate)
        {
            // Number and place in the queue belong together, so that a loss is a range of numbers.
            x.Sequence = ++_sequence;
            _mark.Write(_sequence);
            if (!_waiting.Writer.TryWrite(new WaitingRecord(x, bytes)))
            {
                Interlocked.Decrement(ref _rowsWaiting);
                Interlocked.Add(ref _waitingBytes, -bytes);
            }
        }
    }

    public async Task<IReadOnlyList<TraceRow>> ListAsync(int limit, string? before, CancellationToken cancellationToken)
    {
        var recent = _recent.List(limit, before);
        var written = await _archive.ListAsync(limit, before, cancellationToken);
        return [.. recent
            .Concat(written)
            .DistinctBy(r => r.Id)
            .OrderByDescending(r => r.Id, StringComparer.Ordinal)
            .Take(limit)];
    }

    public Task<RequestTrace?> FindAsync(string requestId, CancellationToken cancellationToken) =>
        _recent.Find(requestId) is { } x
            ? Task.FromResult<RequestTrace?>(TraceBuilder.Trace(x, _options.BodyBytesMax))
            : _archive.FindAsync(requestId, cancellationToken);

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writer.Dispose();
        _mark.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<WaitingRecord>(RecordWriter.BatchMax);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            await _writer.GatherAsync();
            batch.Clear();
            while (batch.Count < RecordWriter.BatchMax && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            if (batch.Count == 0)
            {
                continue;
            }

            var isWritten = await _writer.WriteAsync(batch);
            if (!isWritten)
            {
                Log.GaveUp(_log, batch[0].Exchange.Sequence, batch[^1].Exchange.Sequence);
            }
            else
            {
                _recent.Forget(batch);
            }

            foreach (var record in batch)
            {
                Interlocked.Add(ref _waitingBytes, -record.Bytes);
            }

            Interlocked.Add(ref _rowsWaiting, -batch.Count);
        }
    }

    private void Lose(WaitingRecord record)
    {
        Interlocked.Decrement(ref _rowsWaiting);
        Interlocked.Add(ref _waitingBytes, -record.Bytes);
        _meters.RowsLost.Add(1);
        Log.RowLost(_log, record.Exchange.Sequence, _options.SpooledRowsMax);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Requests {First} to {Last} of the run before are not in the record: it ended before they were written; the last kept is {Kept}")]
        public static partial void Lost(ILogger logger, long first, long last, long kept);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The sequence mark cannot be kept, so a loss cannot be counted: {Fault}")]
        public static partial void NoMark(ILogger logger, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Row {Sequence} is lost: {Max} rows wait for the disk already (gateway.records.spooledRowsMax)")]
        public static partial void RowLost(ILogger logger, long sequence, int max);

        [LoggerMessage(Level = LogLevel.Error, Message = "Rows {First} to {Last} are lost: the disk still refuses and the process ends")]
        public static partial void GaveUp(ILogger logger, long first, long last);
    }
}
