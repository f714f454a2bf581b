using System.Text;

namespace Holdfast.Configuration;

/// <summary>The name of a collection on the wire: lower case, <c>[a-z0-9-]</c>, at most 64 characters.</summary>
internal static class CollectionName
{
    private const int LengthMax = 64;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LengthMax && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <summary>Makes a name from a folder's: <c>My Docs (2026)</c> becomes <c>my-docs-2026</c>.</summary>
    public static string FromFolder(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var result = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
            {
                result.Append(letter);
            }
            else if (result.Length > 0 && result[^1] != '-')
            {
                result.Append('-');
            }
        }

        var trimmed = result.ToString(0, Math.Min(result.Length, LengthMax)).Trim('-');
        return trimmed.Length > 0 ? trimmed : "documents";
    }
}
