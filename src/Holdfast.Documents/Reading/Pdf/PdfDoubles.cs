namespace Holdfast.Documents.Reading.Pdf;

/// <summary>Finds letters printed twice nearly on the same spot: the poor man's bold. A grid of cells as large as the tolerance keeps it linear.</summary>
internal sealed class PdfDoubles
{
    // Of the letter's size. Two l in "all" stand .28 apart; shadows and fake bold less than .1.
    private const double Tolerance = 0.12;

    private readonly Dictionary<(string Value, long Column, long Row), (double X, double Y)> _seen = [];

    public bool IsDouble(PdfGlyph glyph)
    {
        double cell = Math.Max(0.1, Math.Round(glyph.Size)) * Tolerance;
        long column = (long)Math.Floor(glyph.X / cell);
        long row = (long)Math.Floor(glyph.Y / cell);
        for (long c = column - 1; c <= column + 1; c++)
        {
            for (long r = row - 1; r <= row + 1; r++)
            {
                if (_seen.TryGetValue((glyph.Value, c, r), out (double X, double Y) other)
                    && Math.Abs(other.X - glyph.X) < cell && Math.Abs(other.Y - glyph.Y) < cell)
                {
                    return true;
                }
            }
        }

        _seen[(glyph.Value, column, row)] = (glyph.X, glyph.Y);
        return false;
    }
}
