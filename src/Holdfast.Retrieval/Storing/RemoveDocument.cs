namespace Holdfast.Retrieval.Storing;

/// <summary>Takes a document and its passages out. Nothing happens when there is none of that id in the collection.</summary>
public sealed record RemoveDocument(string Id) : StoreChange;
