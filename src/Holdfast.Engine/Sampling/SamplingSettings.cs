namespace Holdfast.Engine.Sampling;

/// <summary>How the next token is chosen. The defaults are those of the OpenAI API.</summary>
internal sealed record SamplingSettings
{
    /// <summary>0 takes the likeliest token.</summary>
    public double Temperature { get; init; } = 1;

    public double TopP { get; init; } = 1;

    /// <summary>0: all.</summary>
    public int TopK { get; init; }

    /// <summary>Least probability, as a share of the likeliest token's.</summary>
    public double MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of every token seen so far, prompt included; 1: none.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    public double PresencePenalty { get; init; }

    public double FrequencyPenalty { get; init; }

    public long Seed { get; init; }

    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = new Dictionary<int, double>();

    public bool WantsLogprobs { get; init; }

    public int TopLogprobs { get; init; }

    /// <summary>The request's member of that number.</summary>
    public string TopLogprobsName { get; init; } = "top_logprobs";

    public bool HasPenalties => RepetitionPenalty != 1 || PresencePenalty != 0 || FrequencyPenalty != 0;

    /// <summary>What is out of range, by the request's member.</summary>
    public IEnumerable<(string Param, string Fault)> Faults(int vocabulary)
    {
        (string Name, double Value, double Min, double Max)[] ranges =
        [
            ("temperature", Temperature, 0, 100), ("top_p", TopP, 0, 1), ("top_k", TopK, -1, int.MaxValue), ("min_p", MinP, 0, 1),
            ("repetition_penalty", RepetitionPenalty, .01, 100), ("presence_penalty", PresencePenalty, -100, 100),
            ("frequency_penalty", FrequencyPenalty, -100, 100), (TopLogprobsName, TopLogprobs, 0, 20),
        ];
        foreach (var (name, value, min, max) in ranges)
        {
            if (!(value >= min && value <= max))
            {
                yield return (name, $"{name} is {value}; it must lie in [{min}, {max}]");
            }
        }

        foreach (var (token, bias) in LogitBias)
        {
            if (token < 0 || token >= vocabulary || !(bias is >= -100 and <= 100))
            {
                yield return ("logit_bias", $"logit_bias has {bias} for token {token}; tokens lie in [0, {vocabulary - 1}], biases in [-100, 100]");
            }
        }
    }
}
