using System.Text;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>TeX's old fonts print an accent and then its letter on the same spot. Puts both together again.</summary>
internal static class PdfAccents
{
    private const string Spacing = "`´ˆ˜¨˚¯˘ˇ˝¸˛˙";
    private const string Combining = "\u0300\u0301\u0302\u0303\u0308\u030a\u0304\u0306\u030c\u030b\u0327\u0328\u0307";

    public static bool IsAccent(string value) => value.Length == 1 && Spacing.Contains(value[0], StringComparison.Ordinal);

    /// <summary>The letter with its accent when both stand on one spot; else null.</summary>
    public static string? Compose(PdfGlyph accent, PdfGlyph letter)
    {
        double overlap = Math.Min(accent.EndX, letter.EndX) - Math.Max(accent.X, letter.X);
        double narrow = Math.Max(0.01, Math.Min(accent.EndX - accent.X, letter.EndX - letter.X));
        bool isOver = overlap > 0.4 * narrow && Math.Abs(accent.Y - letter.Y) < letter.Size;
        if (!isOver || letter.Value.Length != 1 || !char.IsLetter(letter.Value[0]))
        {
            return null;
        }

        string letters = letter.Value switch { "ı" => "i", "ȷ" => "j", _ => letter.Value };
        char mark = Combining[Spacing.IndexOf(accent.Value[0], StringComparison.Ordinal)];
        string composed = string.Concat(letters, mark.ToString()).Normalize(NormalizationForm.FormC);
        return composed.Length == 1 ? composed : null;
    }
}
