namespace Holdfast.Gateway.Options;

/// <summary>Keys and browser sessions: section <c>gateway.keys</c>.</summary>
public sealed record KeyOptions
{
    /// <summary>Keys that may exist, revoked ones included.</summary>
    public int KeysMax { get; init; } = 10_000;

    /// <summary>A browser signs in again after this time.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Browsers signed in at once; the oldest is signed out past it.</summary>
    public int SessionsMax { get; init; } = 1_000;

    /// <summary>The printed address of the console works once, within this time.</summary>
    public TimeSpan SignInTokenLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Unused one-time tokens; the oldest goes past it.</summary>
    public int SignInTokensMax { get; init; } = 100;

    internal void AddFaults(List<string> faults)
    {
        Bounds.Check(faults, "gateway.keys.keysMax", KeysMax, 1, 1_000_000);
        Bounds.Check(faults, "gateway.keys.sessionLifetime", SessionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Bounds.Check(faults, "gateway.keys.sessionsMax", SessionsMax, 1, 100_000);
        Bounds.Check(faults, "gateway.keys.signInTokenLifetime", SignInTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        Bounds.Check(faults, "gateway.keys.signInTokensMax", SignInTokensMax, 1, 10_000);
    }
}
