using System.Text;

namespace Holdfast.Documents.Encodings;

/// <summary>The code page that an HTML or XML head names, such as <c>charset=koi8-r</c>.</summary>
internal static class DeclaredEncoding
{
    // Browsers look this far (HTML standard, 13.2.3.2).
    private const int Reach = 1024;

    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        string head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Reach)]);
        return head.TrimStart().StartsWith('<') ? After(head, "charset=") ?? After(head, "encoding=") : null;
    }

    private static string? After(string head, string word)
    {
        int at = head.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = head.AsSpan(at + word.Length).TrimStart(" \"'");
        int length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '-' or '_' or ':' or '.'))
        {
            length++;
        }

        return length is > 0 and < 40 ? rest[..length].ToString() : null;
    }
}
