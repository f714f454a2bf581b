namespace Holdfast.Documents.Reading;

/// <summary>A reader gives up: the message is the quarantine line. Never leaves the room.</summary>
internal sealed class ReadFaultException(string message) : Exception(message);
