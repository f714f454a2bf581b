namespace Holdfast.Retrieval.Storing;

/// <summary>The file was written again with the same content: only its time is new. Nothing happens when there is no such document.</summary>
public sealed record TouchDocument(string Id, long ModifiedTicks) : StoreChange;
