namespace Holdfast.Traffic.Retrying;

/// <summary>The one retry loop of the gateway.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts for one request, the first one included.</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>Retries per request over all traffic: 0.1 = one retry for ten requests.</summary>
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Retries that quiet times can save up. The budget starts with one.</summary>
    public int BudgetSavedMax { get; init; } = 100;

    /// <summary>Upper end of the first delay; it doubles with each attempt. The delay is drawn between zero and the upper end.</summary>
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Upper end of any drawn delay.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>All faults, in the words of the configuration file; <paramref name="at"/> is the path of this section.</summary>
    public IReadOnlyList<string> Faults(string at)
    {
        List<string> faults = [];
        if (AttemptsMax is < 1 or > 10)
        {
            faults.Add($"{at}.attemptsMax is {AttemptsMax}; it must lie in 1 to 10");
        }

        if (BudgetShare is not (>= 0 and <= 1))
        {
            faults.Add($"{at}.budgetShare is {BudgetShare}; it must lie in 0 to 1");
        }

        if (BudgetSavedMax is < 1 or > 1_000_000)
        {
            faults.Add($"{at}.budgetSavedMax is {BudgetSavedMax}; it must lie in 1 to 1000000");
        }

        if (DelayFirst < TimeSpan.Zero || DelayFirst > DelayMax)
        {
            faults.Add($"{at}.delayFirst is {DelayFirst}; it must lie in 0 to {at}.delayMax ({DelayMax})");
        }

        if (DelayMax > TimeSpan.FromMinutes(1))
        {
            faults.Add($"{at}.delayMax is {DelayMax}; it must be one minute at most");
        }

        return faults;
    }
}
