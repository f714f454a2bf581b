namespace Holdfast.Abstractions.Reading;

/// <summary>One document to take in.</summary>
/// <param name="Collection">Made when it does not exist.</param>
/// <param name="DocumentId">Its id from now on; an existing document of that id is replaced.</param>
/// <param name="Name">File name or relative path, with <c>/</c>.</param>
/// <param name="Content">The file's bytes.</param>
/// <param name="Attributes">Typed metadata that is added to the document's own.</param>
public sealed record IngestItem(
    string Collection,
    string DocumentId,
    string Name,
    ReadOnlyMemory<byte> Content,
    IReadOnlyDictionary<string, object> Attributes);
