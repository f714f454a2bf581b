namespace Holdfast.Documents.Reading.Pdf;

/// <summary>An upper bound of the characters that drawing instructions show: the bytes inside of strings. The library keeps some hundred bytes for each.</summary>
internal static class ShownText
{
    // A name has at most 127 bytes (PDF 1.7, annex C).
    private const int NameBytesMax = 127;

    /// <summary>The name that stands before an operator, as in <c>/X0 Do</c>; null when there is none.</summary>
    public static string? NameBefore(ReadOnlySpan<byte> content, int at)
    {
        int end = at;
        while (end > 0 && IsWhiteSpace(content[end - 1]))
        {
            end--;
        }

        int slash = content[Math.Max(0, end - NameBytesMax - 1)..end].LastIndexOf((byte)'/');
        if (slash < 0 || end == at)
        {
            return null;
        }

        ReadOnlySpan<byte> name = content[(Math.Max(0, end - NameBytesMax - 1) + slash + 1)..end];
        return name.IndexOfAny((byte)' ', (byte)'\n', (byte)'\r') >= 0 ? null : Unescape(name);
    }

    private static bool IsWhiteSpace(byte value) => value is 0 or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f';

    // /F#6frm is /Form.
    private static string Unescape(ReadOnlySpan<byte> name)
    {
        string text = System.Text.Encoding.Latin1.GetString(name);
        int at = text.IndexOf('#', StringComparison.Ordinal);
        while (at >= 0 && at + 2 < text.Length)
        {
            if (byte.TryParse(text.AsSpan(at + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out byte value))
            {
                text = string.Concat(text.AsSpan(0, at), ((char)value).ToString(), text.AsSpan(at + 3));
            }

            at = at + 1 < text.Length ? text.IndexOf('#', at + 1) : -1;
        }

        return text;
    }

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
