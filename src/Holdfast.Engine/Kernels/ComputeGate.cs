namespace Holdfast.Engine.Kernels;

/// <summary>
/// Tells background work whether the cores are wanted: serving enters while it computes, background work waits until nobody is
/// inside, but never longer than its patience, so that it is slow under load and not stopped.
/// </summary>
public sealed class ComputeGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private int _inside;

    public bool IsBusy => !_idle.IsSet;

    public void Enter()
    {
        lock (_gate)
        {
            if (_inside++ == 0)
            {
                _idle.Reset();
            }
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0)
            {
                _idle.Set();
            }
        }
    }

    /// <summary>Waits until nobody is inside, at most for <paramref name="patience"/>. Throws <see cref="OperationCanceledException"/>.</summary>
    public void WaitForIdle(TimeSpan patience, CancellationToken cancellationToken) => _idle.Wait(patience, cancellationToken);

    public void Dispose() => _idle.Dispose();
}
