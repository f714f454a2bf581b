using System.Text.Json;
using Holdfast.Abstractions.Recording;
using Microsoft.Data.Sqlite;

namespace Holdfast.Gateway.Records;

/// <summary>Reads traces from the data folder, with or without a process that owns it.</summary>
public sealed class TraceArchive(string dataFolder) : ITraceReader
{
    /// <inheritdoc />
    public Task<IReadOnlyList<TraceRow>> ListAsync(int limit, string? before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var index = RecordIndex.OpenToRead(dataFolder);
            return Task.FromResult(index?.List(limit, before) ?? []);
        }
        catch (SqliteException)
        {
            // Made a moment ago and without its table yet: nothing was recorded.
            return Task.FromResult<IReadOnlyList<TraceRow>>([]);
        }
    }

    /// <inheritdoc />
    public Task<RequestTrace?> FindAsync(string requestId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var index = RecordIndex.OpenToRead(dataFolder);
            return Task.FromResult(index?.Find(requestId) is { } found ? Read(found) : null);
        }
        catch (SqliteException)
        {
            return Task.FromResult<RequestTrace?>(null);
        }
    }

    private RequestTrace Read(IndexRow found)
    {
        var bytes = found.File is null
            ? null
            : TraceFiles.Read(TraceFiles.FolderIn(dataFolder), new TracePlace(found.File, found.Offset, found.Length));
        if (bytes is not null && JsonSerializer.Deserialize(bytes, RecordJson.Readable.TraceLine) is { } line)
        {
            return line.Trace;
        }

        var why = found.File is null ? "the content of this trace was dropped: the disk was too slow or full" : "the content of this trace is gone: its file was the oldest at the cap (gateway.records.filesBytesMax)";
        return new RequestTrace
        {
            Id = found.Row.Id,
            At = found.Row.At,
            Key = found.Row.Key,
            Route = found.Row.Route,
            Model = found.Row.Model,
            AnsweredBy = found.Row.AnsweredBy,
            Status = found.Row.Status,
            Microseconds = found.Row.Microseconds,
            TtftMicroseconds = found.Row.TtftMicroseconds,
            Stages = [],
            Received = new TraceMessage(),
            Warnings = [why],
        };
    }
}
