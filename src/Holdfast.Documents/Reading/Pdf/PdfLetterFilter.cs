using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// Decides which letters of a page a person sees. Unseen: render mode 3, smaller than a point, outside of the page, white without anything
/// behind it. On a scanned page the recognised text is invisible on purpose: where a picture is and nearly nothing else is visible, it stays.
/// </summary>
internal sealed class PdfLetterFilter
{
    private const double SizeMin = 1.0;
    private const double WhiteMin = 0.97;
    private const double ScanShareMin = 0.9;

    private readonly PdfRectangle _page;
    private readonly bool _hasPictures;
    private readonly List<PdfRectangle> _grounds = [];
    private readonly bool _isScan;

    public PdfLetterFilter(Page page)
    {
        // Letters of a turned page are turned already, its box is not.
        double side = Math.Max(page.Width, page.Height);
        _page = page.Rotation.Value == 0 ? page.CropBox.Bounds : new PdfRectangle(0, 0, side, side);
        _hasPictures = page.NumberOfImages > 0;
        foreach (PdfPath path in page.Paths)
        {
            if (path.IsFilled && !IsWhite(path.FillColor) && path.GetBoundingRectangle() is { } bounds)
            {
                _grounds.Add(bounds);
            }
        }

        _isScan = _hasPictures && page.Letters.Count > 0
            && page.Letters.Count(static l => IsUnpainted(l)) >= ScanShareMin * page.Letters.Count;
    }

    public bool IsSeen(Letter letter)
    {
        if (IsUnpainted(letter))
        {
            return _isScan;
        }

        if (letter.PointSize is > 0 and < SizeMin)
        {
            return false;
        }

        PdfPoint at = letter.StartBaseLine;
        double slack = Math.Max(2, letter.PointSize);
        if (at.X < _page.Left - slack || at.X > _page.Right + slack || at.Y < _page.Bottom - slack || at.Y > _page.Top + slack)
        {
            return false;
        }

        return _hasPictures || !IsWhite(letter.FillColor) || IsOnGround(at);
    }

    private static bool IsUnpainted(Letter letter) => letter.RenderingMode is TextRenderingMode.Neither or TextRenderingMode.NeitherClip;

    private static bool IsWhite(UglyToad.PdfPig.Graphics.Colors.IColor? color)
    {
        if (color is null or UglyToad.PdfPig.Graphics.Colors.PatternColor)
        {
            return false;
        }

        (double r, double g, double b) = color.ToRGBValues();
        return r >= WhiteMin && g >= WhiteMin && b >= WhiteMin;
    }

    private bool IsOnGround(PdfPoint at)
    {
        foreach (PdfRectangle ground in _grounds)
        {
            if (at.X >= ground.Left - 1 && at.X <= ground.Right + 1 && at.Y >= ground.Bottom - 1 && at.Y <= ground.Top + 1)
            {
                return true;
            }
        }

        return false;
    }
}
