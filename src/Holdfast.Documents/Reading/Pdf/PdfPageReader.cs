using System.Text;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>Reads the lines of one page: letters that are seen, once, turned upright.</summary>
internal static class PdfPageReader
{
    // A direction is one of four when the other axis moves less than this share.
    private const double SlantMax = 0.1;

    public static PdfPageLines Read(Page page)
    {
        PdfLetterFilter filter = new(page);
        PdfDoubles doubles = new();
        PdfLineBuilder lines = new();
        StringBuilder slanted = new();
        int hidden = 0;
        int doubled = 0;
        bool wasHidden = false;
        Direction direction = Direction.Right;
        foreach (Letter letter in page.Letters)
        {
            if (!filter.IsSeen(letter))
            {
                hidden += wasHidden || string.IsNullOrWhiteSpace(letter.Value) ? 0 : 1;
                wasHidden = true;
                continue;
            }

            wasHidden = false;
            Direction own = DirectionOf(letter, direction);
            if (own == Direction.Slanted)
            {
                slanted.Append(letter.Value);
                continue;
            }

            if (own != direction)
            {
                lines.EndLine();
                direction = own;
            }

            PdfGlyph glyph = Upright(letter, own);
            if (!string.IsNullOrWhiteSpace(glyph.Value) && doubles.IsDouble(glyph))
            {
                doubled++;
                continue;
            }

            lines.Add(glyph);
        }

        lines.EndLine();
        return new PdfPageLines(lines.Lines, slanted.ToString().Trim(), hidden, doubled);
    }

    private static Direction DirectionOf(Letter letter, Direction last)
    {
        double dx = letter.EndBaseLine.X - letter.StartBaseLine.X;
        double dy = letter.EndBaseLine.Y - letter.StartBaseLine.Y;
        double length = Math.Sqrt((dx * dx) + (dy * dy));
        if (!(length > 1e-6))
        {
            return last;
        }

        if (Math.Abs(dy) <= SlantMax * length)
        {
            return dx > 0 ? Direction.Right : Direction.Left;
        }

        if (Math.Abs(dx) <= SlantMax * length)
        {
            return dy > 0 ? Direction.Up : Direction.Down;
        }

        return Direction.Slanted;
    }

    private static PdfGlyph Upright(Letter letter, Direction direction)
    {
        PdfPoint start = Turn(letter.StartBaseLine, direction);
        PdfPoint end = Turn(letter.EndBaseLine, direction);
        double size = letter.PointSize > 0 ? letter.PointSize : Math.Max(1, letter.BoundingBox.Height);
        string font = letter.FontName ?? "";
        return new PdfGlyph(Value(letter.Value, font), start.X, end.X, start.Y, size, IsMonospaced(font), IsBold(font));
    }

    // TeX's bitmap fonts have no Unicode names: the bullet of its text companion (TS1) comes as 88, of its symbols (OMSY) as 0F.
    private static string Value(string? value, string font) =>
        value == "\u0088" || (value == "\u000f" && font.Contains("CMSY", StringComparison.Ordinal)) ? "•" : value ?? "";

    private static PdfPoint Turn(PdfPoint point, Direction direction) => direction switch
    {
        Direction.Left => new PdfPoint(-point.X, -point.Y),
        Direction.Up => new PdfPoint(point.Y, -point.X),
        Direction.Down => new PdfPoint(-point.Y, point.X),
        _ => point,
    };

    private static bool IsMonospaced(string font) =>
        font.Contains("Mono", StringComparison.OrdinalIgnoreCase) || font.Contains("Courier", StringComparison.OrdinalIgnoreCase)
        || font.Contains("CMTT", StringComparison.Ordinal) || font.Contains("Consol", StringComparison.OrdinalIgnoreCase)
        || font.Contains("Typewriter", StringComparison.OrdinalIgnoreCase);

    private static bool IsBold(string font) =>
        font.Contains("Bold", StringComparison.OrdinalIgnoreCase) || font.Contains("CMBX", StringComparison.Ordinal)
        || font.Contains("Heavy", StringComparison.OrdinalIgnoreCase);

    private enum Direction
    {
        Right,
        Left,
        Up,
        Down,
        Slanted,
    }
}
