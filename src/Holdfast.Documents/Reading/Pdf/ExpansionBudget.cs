namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// What the compressed streams of one PDF may unpack to: in all, and what is drawn on one page. Owned by the reader's thread. A
/// fault is kept, because the library may swallow the exception that told it.
/// </summary>
internal sealed class ExpansionBudget(DocumentOptions options, CancellationToken cancellationToken)
{
    private long _bytes;
    private long _pageBytes;
    private long _pageCharacters;

    public ReadFaultException? Fault { get; private set; }

    public long BytesLeft => options.ExpandedBytesMax - _bytes;

    public long PageBytesLeft => options.PdfPageBytesMax - _pageBytes;

    public void BeginPage()
    {
        _pageBytes = 0;
        _pageCharacters = 0;
    }

    /// <summary>Counts unpacked bytes; called for each stream, so it also looks whether the time is over.</summary>
    public void Charge(long bytes, bool isDrawn, long characters)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _bytes += bytes;
        _pageBytes += isDrawn ? bytes : 0;
        _pageCharacters += characters;
        if (_bytes > options.ExpandedBytesMax)
        {
            Refuse($"unpacks to more than {options.ExpandedBytesMax} bytes (documents.expandedBytesMax)");
        }

        if (_pageBytes > options.PdfPageBytesMax)
        {
            Refuse($"has a page of more than {options.PdfPageBytesMax} bytes of drawing (documents.pdfPageBytesMax)");
        }

        if (_pageCharacters > options.PdfPageCharactersMax)
        {
            RefuseCharacters();
        }
    }

    public void RefuseCharacters() => Refuse($"has a page of more than {options.PdfPageCharactersMax} characters (documents.pdfPageCharactersMax)");

    private void Refuse(string what)
    {
        Fault ??= new ReadFaultException($"the PDF {what}, as a decompression bomb does: split it, or raise the limit if you trust it");
        throw Fault;
    }
}
