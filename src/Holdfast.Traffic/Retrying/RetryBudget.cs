namespace Holdfast.Traffic.Retrying;

/// <summary>
/// Retries that all requests share: each request puts in <c>share</c>, each retry takes one.
/// Holds: retries taken &lt;= 1 + share x requests, so a dead upstream sees at most 1.1 attempts a request (and one).
/// </summary>
public sealed class RetryBudget(RetryOptions options)
{
    // Counted in billionths: a sum of 0.1 ten times is not 1 in floating point.
    private const long Whole = 1_000_000_000;

    // Guards _saved.
    private readonly Lock _gate = new();
    private readonly long _share = (long)(options.BudgetShare * Whole);
    private readonly long _savedMax = options.BudgetSavedMax * Whole;
    private long _saved = Whole;

    /// <summary>Retries that could be taken now.</summary>
    public double Saved
    {
        get
        {
            lock (_gate)
            {
                return (double)_saved / Whole;
            }
        }
    }

    public void CountRequest()
    {
        lock (_gate)
        {
            _saved = Math.Min(_savedMax, _saved + _share);
        }
    }

    public bool TryTake()
    {
        lock (_gate)
        {
            if (_saved < Whole)
            {
                return false;
            }

            _saved -= Whole;
            return true;
        }
    }
}
