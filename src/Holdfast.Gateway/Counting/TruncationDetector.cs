namespace Holdfast.Gateway.Counting;

/// <summary>
/// Finds upstreams that cut a prompt and answer 200: Ollama reads 258 of 1,449 tokens and says nothing.
/// For each upstream and model it learns over 24 requests what the upstream adds to our count, then warns when a prompt comes back
/// smaller than that by more than a margin that grows with the prompt: 30 % for an estimate, 2 % for an exact count, 32 tokens at least.
/// Warned prompts teach nothing; others renew what was learnt every 24 requests. Pure but for the lock: no clock, no log.
/// </summary>
public sealed class TruncationDetector
{
    /// <summary>Requests before the first warning.</summary>
    public const int LearningRequests = 24;

    private const int PlacesMax = 4096;
    private const double MarginMin = 32;
    private const double MarginEstimated = 0.30;
    private const double MarginExact = 0.02;

    // Guards _places and what hangs on it.
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Upstream, string Model, bool IsExact), Place> _places = [];

    /// <summary>Null: nothing was cut, or it is too early to say.</summary>
    public Truncation? Observe(in PromptSighting seen)
    {
        if (seen.HasToolsOrMedia || seen.ReportedTokens <= 0 || seen.Counted.Tokens <= 0)
        {
            return null;
        }

        lock (_gate)
        {
            var key = (seen.Upstream, seen.Model, seen.Counted.IsExact);
            if (!_places.TryGetValue(key, out var place))
            {
                if (_places.Count >= PlacesMax)
                {
                    return null;
                }

                _places[key] = place = new Place();
            }

            return ObserveLocked(place, seen);
        }
    }

    private static Truncation? ObserveLocked(Place place, in PromptSighting seen)
    {
        if (place.Fit is { } fit)
        {
            var expected = fit.Expected(seen.Counted.Tokens);
            var share = seen.Counted.IsExact ? MarginExact : MarginEstimated;
            var margin = Math.Max(MarginMin, expected * share);

            // The second bound leaves the offset out: learnt from long prompts it is too rough to accuse a short one. It has the least
            // margin too, or a template that takes tokens away (Ollama's -21) would look like a cut of a prompt of twenty.
            var bare = fit.Slope * seen.Counted.Tokens;
            if (seen.ReportedTokens < expected - margin && seen.ReportedTokens < bare - Math.Max(MarginMin, bare * share))
            {
                return new Truncation((int)Math.Round(expected), seen.ReportedTokens);
            }
        }

        place.Samples[place.Seen++ % LearningRequests] = (seen.Counted.Tokens, seen.ReportedTokens);
        if (place.Seen % LearningRequests == 0)
        {
            place.Fit = TemplateFit.Of(place.Samples, seen.Counted.IsExact);
            place.Seen = LearningRequests;
        }

        return null;
    }

    private sealed class Place
    {
        public (int Counted, int Reported)[] Samples { get; } = new (int, int)[LearningRequests];

        public int Seen { get; set; }

        public TemplateFit? Fit { get; set; }
    }
}
