using Holdfast.Abstractions.Counting;

namespace Holdfast.Gateway.Counting;

/// <summary>One prompt as we counted it and as the upstream says it read it.</summary>
public readonly record struct PromptSighting
{
    public required string Upstream { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Our own count, before it was sent.</summary>
    public required TokenCount Counted { get; init; }

    /// <summary><c>usage.prompt_tokens</c>.</summary>
    public required int ReportedTokens { get; init; }

    /// <summary>The request has tools, images or audio: what they cost is the template's secret, so nothing is learnt and nothing said.</summary>
    public bool HasToolsOrMedia { get; init; }
}
