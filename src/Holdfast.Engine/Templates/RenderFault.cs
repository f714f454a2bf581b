namespace Holdfast.Engine.Templates;

/// <summary>
/// Stops a rendering: the template refused the messages, used a value wrongly, or went over a limit. Caught by
/// <see cref="ChatTemplate"/> alone, which turns it into a refusal of the request.
/// </summary>
internal sealed class RenderFault(string message) : Exception(message)
{
    /// <summary>A limit ended it: another way to show the messages would only cost as much again.</summary>
    public bool IsLimit { get; init; }
}
