using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Dashboard.Views;

/// <summary>One page of the list of documents.</summary>
/// <param name="Rows">By path.</param>
/// <param name="Collections">What there is, for the totals.</param>
/// <param name="Collection">Only of this collection; null for all.</param>
/// <param name="IsQuarantined">Only those that were refused.</param>
/// <param name="After">Where the next page starts; null at the end.</param>
public sealed record DocumentsView(
    IReadOnlyList<DocumentRow> Rows,
    IReadOnlyList<CollectionInfo> Collections,
    string? Collection,
    bool IsQuarantined,
    string? After)
{
    private IEnumerable<CollectionInfo> Chosen => Collections.Where(info => Collection is null || info.Name == Collection);

    public int Documents => Chosen.Sum(static info => info.Documents);

    public int Quarantined => Chosen.Sum(static info => info.Quarantined);

    public int Passages => Chosen.Sum(static info => info.Passages);
}
