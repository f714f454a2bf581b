namespace Holdfast.Gateway.Keys;

/// <summary>A key cannot be made or used as asked; the message is for the person who asked.</summary>
public sealed class KeyRefusedException(string message) : Exception(message);
