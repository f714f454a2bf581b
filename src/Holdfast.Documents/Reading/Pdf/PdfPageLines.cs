namespace Holdfast.Documents.Reading.Pdf;

/// <summary>What stands on a page: its lines in the order in which they were drawn, and the text that runs aslant (a watermark, most often).</summary>
internal sealed record PdfPageLines(IReadOnlyList<PdfLine> Lines, string Slanted, int HiddenRuns, int DoubledLetters);
