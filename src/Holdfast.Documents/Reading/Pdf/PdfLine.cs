namespace Holdfast.Documents.Reading.Pdf;

/// <summary>A line of a page. In <paramref name="Text"/> a tab marks a gap as wide as between columns.</summary>
internal sealed record PdfLine(string Text, double X, double EndX, double Y, double Size, bool IsMonospaced, bool IsBold)
{
    public bool HasColumns { get; } = Text.Contains('\t', StringComparison.Ordinal);
}
