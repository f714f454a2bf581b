namespace Holdfast.Gateway.Prompts;

/// <summary>A prompt as read from its file.</summary>
/// <param name="Name">Name of the file without <c>.md</c>.</param>
/// <param name="Description">From the front matter.</param>
/// <param name="Role">The role of the message it becomes.</param>
/// <param name="Variables">The names that rendering needs, in the order of the front matter.</param>
/// <param name="Body">The text with <c>{{name}}</c> in it.</param>
/// <param name="Version">SHA-256 of the file, line ends as LF, in lower-case hex.</param>
/// <param name="Source">Path of the file, or <c>shipped</c>.</param>
public sealed record PromptFile(string Name, string Description, string Role, IReadOnlyList<string> Variables, string Body, string Version, string Source);
