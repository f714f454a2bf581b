using System.Globalization;
using System.Text;

namespace Holdfast.Printing;

/// <summary>Makes a text that strangers wrote (names, titles, passages) safe for a terminal: no escape sequence, no line of its own, no text that runs backwards.</summary>
internal static class Terminal
{
    public static string Shown(string? text)
    {
        if (text is null || !text.Any(IsUnsafe))
        {
            return text ?? "";
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            _ = IsUnsafe(letter) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : shown.Append(letter);
        }

        return shown.ToString();
    }

    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
