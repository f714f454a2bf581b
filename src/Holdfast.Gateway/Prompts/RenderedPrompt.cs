namespace Holdfast.Gateway.Prompts;

/// <summary>A prompt with its variables filled in. <paramref name="Version"/> is the hash of the file it came from.</summary>
public sealed record RenderedPrompt(string Template, string Version, string Role, string Text);
