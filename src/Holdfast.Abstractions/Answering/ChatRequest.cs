using System.Text.Json;

namespace Holdfast.Abstractions.Answering;

/// <summary>A chat or completion request as data. Fields of the OpenAI API keep its meaning; absent is null, never a default.</summary>
public sealed record ChatRequest
{
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The prompts of a <see cref="CallKind.Completion"/>, or the inputs of a <see cref="CallKind.Embedding"/>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    public bool IsStream { get; init; }

    /// <summary>True when the client itself asked for usage in the stream.</summary>
    public bool WantsStreamUsage { get; init; }

    /// <summary><c>max_completion_tokens</c>, else <c>max_tokens</c>.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The member that <see cref="MaxTokens"/> was read from.</summary>
    public string MaxTokensName { get; init; } = "max_tokens";

    public int Choices { get; init; } = 1;

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? TopK { get; init; }

    public double? MinP { get; init; }

    public double? RepetitionPenalty { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Strings that end the answer of a backend of this process as well. They are the gateway's: the client's limits do not count them.</summary>
    public IReadOnlyList<string> OwnStop { get; init; } = [];

    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = new Dictionary<int, double>();

    public bool WantsLogprobs { get; init; }

    public int TopLogprobs { get; init; }

    /// <summary>The member that <see cref="TopLogprobs"/> was read from.</summary>
    public string TopLogprobsName { get; init; } = "top_logprobs";

    /// <summary>The raw array of <c>tools</c>.</summary>
    public JsonElement? Tools { get; init; }

    public JsonElement? ToolChoice { get; init; }

    /// <summary><c>parallel_tool_calls: false</c>: the answer ends with its first call.</summary>
    public bool IsSingleCall { get; init; }

    public JsonElement? ResponseFormat { get; init; }

    public JsonElement? ChatTemplateKwargs { get; init; }

    /// <summary>Lower goes first, as in vLLM's API.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// What a backend of this process answers instead: the request holds a member that only some upstreams can follow (<c>best_of</c>), or
    /// a number that does not fit the fields above, and both would be lost without a word.
    /// </summary>
    public AnswerFault? OwnFault { get; init; }
}
