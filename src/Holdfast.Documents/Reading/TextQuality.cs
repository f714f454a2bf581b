namespace Holdfast.Documents.Reading;

/// <summary>Says whether an extracted text can be read by anyone.</summary>
internal static class TextQuality
{
    // PDFs without a character map give private-use, control or replacement characters nearly everywhere; a damaged but readable file gives a few.
    private const double UnreadableShareMax = 0.2;

    /// <summary>Why the text is of no use, or null.</summary>
    public static string? Fault(ReadOnlySpan<char> text, string what)
    {
        int visible = 0;
        int letters = 0;
        int unreadable = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                continue;
            }

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                // Planes 15 and 16 are private use.
                visible++;
                letters++;
                unreadable += c >= '\udb80' ? 1 : 0;
                i++;
                continue;
            }

            visible++;
            letters += char.IsLetterOrDigit(c) ? 1 : 0;
            unreadable += c is '\ufffd' or (>= '\ue000' and <= '\uf8ff') || char.IsControl(c) ? 1 : 0;
        }

        if (visible == 0)
        {
            return $"{what} has no text (pictures only, or blank): recognise its text first (OCR) and add the result";
        }

        double share = (double)unreadable / visible;
        if (share > UnreadableShareMax)
        {
            return $"{what} has unreadable text ({share:P0} of its characters mean nothing): export it again with its fonts' character maps, or recognise its text (OCR)";
        }

        return letters == 0 ? $"{what} has no letters, only signs: nothing in it can be searched" : null;
    }
}
