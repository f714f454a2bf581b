using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// One filter with the budget around it. Where the worst case would not fit, the output is measured first, without keeping it: PdfPig itself
/// unpacks to memory without a bound (70 kB of Flate become 70 MB, and filters can be chained).
/// </summary>
internal sealed class BoundedFilter(IFilter inner, ExpansionBudget budget) : IFilter
{
    // Deflate turns at most 258 bytes into 2 bits; LZW's longest entry is as long as its table; a run is 128 bytes from two.
    private const long FlateFactor = 1032;
    private const long LzwFactor = 2731;
    private const long RunFactor = 64;

    public bool IsSupported => inner.IsSupported;

    public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
    {
        bool isDrawn = StreamKind.IsDrawn(streamDictionary);
        long room = Math.Max(0, isDrawn ? Math.Min(budget.BytesLeft, budget.PageBytesLeft) : budget.BytesLeft);
        if (Factor() * input.Length > room)
        {
            long length = Measure(input, room);
            if (length > room)
            {
                budget.Charge(length, isDrawn, characters: 0);
            }
        }

        Memory<byte> output = inner.Decode(input, streamDictionary, filterProvider, filterIndex);
        budget.Charge(output.Length, isDrawn, isDrawn ? ShownText.CharactersAtMost(output.Span) : 0);
        return output;
    }

    private long Factor() => inner switch
    {
        FlateFilter => FlateFactor,
        LzwFilter => LzwFactor,
        RunLengthFilter => RunFactor,
        _ => 1,
    };

    private long Measure(Memory<byte> input, long stopAfter) => inner switch
    {
        FlateFilter => ExpandedLength.OfFlate(input, stopAfter),
        LzwFilter => ExpandedLength.OfLzw(input.Span, stopAfter),
        RunLengthFilter => ExpandedLength.OfRuns(input.Span),
        _ => input.Length,
    };
}
