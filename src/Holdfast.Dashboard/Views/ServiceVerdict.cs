using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Words;

namespace Holdfast.Dashboard.Views;

/// <summary>The answer to "is it safe to send traffic", in one sentence, and what limits next.</summary>
/// <param name="Level">How the service stands.</param>
/// <param name="Sentence">The answer.</param>
/// <param name="Next">The nearest bound.</param>
public sealed record ServiceVerdict(Level Level, string Sentence, string Next)
{
    /// <summary>Above this share of a bound the page warns: the same share at which operators are used to act.</summary>
    public const double WarnShare = 0.8;

    public static ServiceVerdict Of(ServiceSnapshot snapshot)
    {
        var (level, sentence) = Judge(snapshot);
        return new ServiceVerdict(level, sentence, NextLimit(snapshot));
    }

    private static (Level Level, string Sentence) Judge(ServiceSnapshot snapshot)
    {
        var silent = snapshot.Upstreams.Where(static upstream => !upstream.IsReachable).Select(static upstream => upstream.Name).ToList();
        var refused = snapshot.Traffic.Sum(static step => (long)step.Refused);
        var failed = snapshot.Traffic.Sum(static step => (long)step.Failed);
        var all = refused + failed + snapshot.Traffic.Sum(static step => (long)step.Answered);
        return snapshot switch
        {
            { NotReady: { } reason } => (Level.Bad, $"Not ready: {reason.TrimEnd('.')}."),
            { InFlight: var taken, InFlightMax: var places } when taken >= places => (Level.Bad, $"Full: all {Units.Number(places)} places are taken, further requests are answered 503."),
            { Upstreams.Count: > 0 } when silent.Count == snapshot.Upstreams.Count => (Level.Bad, "No upstream can be reached."),
            _ when silent.Count > 0 => (Level.Warn, $"Serving without {string.Join(", ", silent)}."),
            _ when failed > 0 => (Level.Warn, $"Serving, but {Units.Number(failed)} of {Units.Count(all, "request", "requests")} failed in the last 15 minutes."),
            _ when Tightest(snapshot).Share >= WarnShare => (Level.Warn, $"Serving, near a limit: {Tightest(snapshot).Name}."),
            _ when refused > 0 => (Level.Good, $"Serving. {Units.Number(refused)} of {Units.Count(all, "request", "requests")} refused in the last 15 minutes."),
            _ => (Level.Good, "Serving, with room."),
        };
    }

    private static string NextLimit(ServiceSnapshot snapshot)
    {
        var (name, share, bound) = Tightest(snapshot);
        return $"Next limit: {name}, {Units.WholePercent(share)} of {bound} used.";
    }

    private static (string Name, double Share, string Bound) Tightest(ServiceSnapshot snapshot)
    {
        var tightest = ("requests in flight", Share(snapshot.InFlight, snapshot.InFlightMax), Units.Number(snapshot.InFlightMax));
        foreach (var part in snapshot.Memory)
        {
            var share = Share(part.Bytes, part.BytesMax);
            if (share > tightest.Item2)
            {
                tightest = (part.Name, share, Units.Bytes(part.BytesMax));
            }
        }

        return tightest;
    }

    public static double Share(long used, long bound) => bound > 0 ? (double)used / bound : 0;
}
