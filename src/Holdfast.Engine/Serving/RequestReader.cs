using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Sampling;

namespace Holdfast.Engine.Serving;

/// <summary>Checks what a request asks for and turns its fields into sampling settings.</summary>
internal sealed class RequestReader(int vocabulary, EngineOptions options)
{
    public AnswerFault? Fault(ChatRequest request, SamplingSettings settings)
    {
        if (request.Messages.Any(m => m.HasMedia))
        {
            return ServingFaults.Unsupported("this model reads text; image, audio and file parts are not supported", "messages");
        }

        if (request.OwnFault is { } own)
        {
            return own;
        }

        if (request.Choices < 1 || request.Choices > options.ChoicesMax)
        {
            return ServingFaults.Invalid($"n is {request.Choices}; it must lie in [1, {options.ChoicesMax}]", "n");
        }

        if (request.MaxTokens is < 1)
        {
            return ServingFaults.Invalid($"{request.MaxTokensName} is {request.MaxTokens}; it must be at least 1", request.MaxTokensName);
        }

        if (request.Stop.Any(s => s.Length is 0 or > 1024) || request.Stop.Count > 16)
        {
            return ServingFaults.Invalid("stop takes up to 16 strings of 1 to 1024 characters", "stop");
        }

        if (request is { TopLogprobs: > 0, WantsLogprobs: false })
        {
            return ServingFaults.Invalid("top_logprobs needs logprobs: true beside it", "top_logprobs");
        }

        foreach (var (param, fault) in settings.Faults(vocabulary))
        {
            return ServingFaults.Invalid(fault, param);
        }

        return null;
    }

    /// <summary><paramref name="ownSeed"/> is used when the client gave none.</summary>
    public static SamplingSettings Settings(ChatRequest request, long ownSeed) => new()
    {
        Temperature = request.Temperature ?? 1,
        TopP = request.TopP ?? 1,
        TopK = request.TopK ?? 0,
        MinP = request.MinP ?? 0,
        RepetitionPenalty = request.RepetitionPenalty ?? 1,
        PresencePenalty = request.PresencePenalty ?? 0,
        FrequencyPenalty = request.FrequencyPenalty ?? 0,
        Seed = request.Seed ?? ownSeed,
        LogitBias = request.LogitBias,
        WantsLogprobs = request.WantsLogprobs,
        TopLogprobs = request.TopLogprobs,
        TopLogprobsName = request.TopLogprobsName,
    };
}
