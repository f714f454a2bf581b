namespace Holdfast.Documents.Reading.Pdf;

/// <summary>A letter turned upright: it runs from X to EndX on the baseline Y, in points, Y upwards.</summary>
internal readonly record struct PdfGlyph(string Value, double X, double EndX, double Y, double Size, bool IsMonospaced, bool IsBold);
