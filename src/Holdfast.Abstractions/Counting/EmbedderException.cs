namespace Holdfast.Abstractions.Counting;

/// <summary>An encoder that cannot embed: its file or its weights are broken. The message says which and what to do.</summary>
public sealed class EmbedderException(string message, Exception? innerException = null) : Exception(message, innerException);
