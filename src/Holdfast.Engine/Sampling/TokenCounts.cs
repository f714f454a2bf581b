namespace Holdfast.Engine.Sampling;

/// <summary>How often a sequence holds each token, for the penalties.</summary>
internal sealed class TokenCounts(IEnumerable<int> prompt)
{
    private readonly Dictionary<int, int> _generated = [];
    private readonly HashSet<int> _seen = [.. prompt];

    public void Add(int token)
    {
        _seen.Add(token);
        _generated[token] = _generated.GetValueOrDefault(token) + 1;
    }

    public void Penalise(Span<float> logits, SamplingSettings settings)
    {
        var repetition = (float)settings.RepetitionPenalty;
        if (repetition != 1)
        {
            foreach (var token in _seen)
            {
                logits[token] = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
            }
        }

        foreach (var (token, count) in _generated)
        {
            logits[token] -= (float)(settings.PresencePenalty + settings.FrequencyPenalty * count);
        }
    }
}
