namespace Holdfast.Abstractions.Reading;

/// <summary>Reads what the store knows of documents.</summary>
public interface IDocumentCatalogue
{
    /// <summary>Documents by path, from after <see cref="DocumentFilter.After"/>.</summary>
    Task<IReadOnlyList<DocumentRow>> ListAsync(DocumentFilter filter, CancellationToken cancellationToken);

    /// <summary>One document with its text, or null.</summary>
    Task<DocumentContent?> FindAsync(string documentId, CancellationToken cancellationToken);
}
