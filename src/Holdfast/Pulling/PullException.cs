namespace Holdfast.Pulling;

/// <summary>A pull that cannot go on. The message says what and where, and what helps, on one line or on several; words of servers, files and users are made safe where they enter it.</summary>
internal sealed class PullException(string message, bool isWrongUse = false) : Exception(message)
{
    /// <summary>The name asked for is the fault; otherwise the world is.</summary>
    public bool IsWrongUse { get; } = isWrongUse;
}
