using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>PdfPig's filters with a budget around each. Every stream of a document passes here, forms once for each time they are drawn.</summary>
internal sealed class BoundedFilters(ExpansionBudget budget) : IFilterProvider
{
    // A form drawn a million times comes by a million times, and each costs the library 30 to 40 us however short it is.
    private const long DrawingBytes = 1024;

    private readonly IFilterProvider _inner = DefaultFilterProvider.Instance;

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary)
    {
        IReadOnlyList<IFilter> filters = _inner.GetFilters(dictionary);
        bool isDrawn = StreamKind.IsDrawn(dictionary);
        long length = filters.Count == 0 && dictionary.TryGet(NameToken.Length, out NumericToken token) ? Math.Max(0, token.Long) : 0;
        budget.Charge(length + (isDrawn ? DrawingBytes : 0), isDrawn, isDrawn ? 1 : 0);
        return Bound(filters);
    }

    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => Bound(_inner.GetNamedFilters(names));

    public IReadOnlyList<IFilter> GetAllFilters() => Bound(_inner.GetAllFilters());

    private BoundedFilter[] Bound(IReadOnlyList<IFilter> filters)
    {
        BoundedFilter[] bounded = new BoundedFilter[filters.Count];
        for (int i = 0; i < bounded.Length; i++)
        {
            bounded[i] = new BoundedFilter(filters[i], budget);
        }

        return bounded;
    }
}
