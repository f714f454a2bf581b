namespace Holdfast.Gateway.Wire;

/// <summary>The members of a call that the gateway looks at.</summary>
internal enum Field
{
    Other,
    Model,
    Messages,
    Prompt,
    Input,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    N,
    Temperature,
    TopP,
    TopK,
    MinP,
    RepetitionPenalty,
    PresencePenalty,
    FrequencyPenalty,
    Seed,
    Stop,
    LogitBias,
    Logprobs,
    TopLogprobs,
    Tools,
    ToolChoice,
    ResponseFormat,
    ChatTemplateKwargs,
    EncodingFormat,
    Dimensions,
    Holdfast,
    Truncation,

    /// <summary>Known to some upstreams, and changing what an answer is.</summary>
    OnlyUpstream,
}
