namespace Holdfast.Engine.Templates;

/// <summary>What a rendering needs besides the request.</summary>
internal sealed record RenderSettings
{
    public required DateTimeOffset Now { get; init; }

    public string? BosToken { get; init; }

    public string? EosToken { get; init; }

    public bool AddsGenerationPrompt { get; init; } = true;

    /// <summary>The template does not see the tools: they are not to be called, or stand in the prompt in another way.</summary>
    public bool HidesTools { get; init; }

    public RenderLimits Limits { get; init; } = new();

    /// <summary>Ends the rendering when the client has left; it throws then.</summary>
    public CancellationToken CancellationToken { get; init; }
}
