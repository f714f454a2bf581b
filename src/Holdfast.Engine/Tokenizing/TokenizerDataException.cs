namespace Holdfast.Engine.Tokenizing;

/// <summary>The vocabulary of a model file cannot be used; the message says which key and why.</summary>
public sealed class TokenizerDataException(string message) : Exception(message);
