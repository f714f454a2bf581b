namespace Holdfast.Documents.Reading.Pdf;

/// <summary>An upper bound of the characters that drawing instructions show: the bytes inside of strings. The library keeps some hundred bytes for each.</summary>
internal static class ShownText
{
    public static long CharactersAtMost(ReadOnlySpan<byte> content)
    {
        long characters = 0;
        int at = content.IndexOfAny((byte)'(', (byte)'<');
        while (at >= 0)
        {
            bool isHex = content[at] == '<';
            int length = content[(at + 1)..].IndexOf(isHex ? (byte)'>' : (byte)')');
            if (length < 0)
            {
                // An open string runs to the end; a lone less-than sign shows nothing.
                return isHex ? characters : characters + content.Length - at;
            }

            characters += isHex ? length / 2 : length;
            int from = at + 1 + length;
            int next = content[from..].IndexOfAny((byte)'(', (byte)'<');
            at = next < 0 ? -1 : from + next;
        }

        return characters;
    }
}
