namespace Holdfast.Abstractions.Recording;

/// <summary>Reads the record of requests.</summary>
public interface ITraceReader
{
    /// <summary>Newest first, older than the request <paramref name="before"/> when given.</summary>
    Task<IReadOnlyList<TraceRow>> ListAsync(int limit, string? before, CancellationToken cancellationToken);

    /// <summary>The whole trace, or null. Its JSON is the body of <c>/admin/requests/{id}</c>.</summary>
    Task<RequestTrace?> FindAsync(string requestId, CancellationToken cancellationToken);
}
