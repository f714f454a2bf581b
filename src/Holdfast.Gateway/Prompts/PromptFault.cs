namespace Holdfast.Gateway.Prompts;

/// <summary>Why a prompt cannot be read or rendered. <paramref name="Line"/> is 0 when the whole file or call is at fault.</summary>
public sealed record PromptFault(string Prompt, int Line, string Message);
