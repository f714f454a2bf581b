using System.Text;

namespace Holdfast.Gateway.Routes;

/// <summary>Makes a collection's name of any: lower case, <c>[a-z0-9-]</c>.</summary>
internal static class CollectionSlug
{
    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
