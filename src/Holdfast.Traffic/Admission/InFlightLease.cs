namespace Holdfast.Traffic.Admission;

/// <summary>One place under an <see cref="InFlightLimit"/>. Returning it twice returns it once.</summary>
public sealed class InFlightLease : IDisposable
{
    private InFlightLimit? _limit;

    internal InFlightLease(InFlightLimit limit) => _limit = limit;

    public void Dispose() => Interlocked.Exchange(ref _limit, null)?.Return();
}
