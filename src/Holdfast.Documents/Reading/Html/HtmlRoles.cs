using System.Collections.Frozen;
using AngleSharp.Dom;

namespace Holdfast.Documents.Reading.Html;

/// <summary>Knows elements by name, role and class.</summary>
internal static class HtmlRoles
{
    private static readonly FrozenDictionary<string, HtmlRole> ByName = Names().ToFrozenDictionary(StringComparer.Ordinal);

    // Marks beside headings and line numbers beside code: no text anywhere (Sphinx, MkDocs, GitHub).
    private static readonly FrozenSet<string> MarkClasses =
        new[] { "headerlink", "viewcode-link", "linenos", "anchor-link", "hash-link", "header-anchor" }.ToFrozenSet(StringComparer.Ordinal);

    // Page furniture of documentation tools (Sphinx, DocBook, Doxygen) and of common page frameworks.
    private static readonly FrozenSet<string> FurnitureClasses = new[]
    {
        "related", "sphinxsidebar", "navheader", "navfooter", "nav", "navbar", "navigation", "sidebar", "breadcrumb", "breadcrumbs", "menu", "footer", "cookie-banner",
        "skip-link", "pagination", "site-header", "site-footer", "toolbar",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Boxes beside the text: DocBook gives them headings ("Note") that are no sections.
    private static readonly FrozenSet<string> BoxClasses =
        new[] { "note", "warning", "tip", "caution", "important", "admonition", "sidebar" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> FurnitureRoles =
        new[] { "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static HtmlRole Of(IElement element, bool isInMain)
    {
        HtmlRole role = ByName.GetValueOrDefault(element.LocalName, HtmlRole.Inline);
        string? classes = element.GetAttribute("class");
        if (classes is not null && HasClass(classes, MarkClasses))
        {
            return HtmlRole.Skipped;
        }

        if (isInMain || role == HtmlRole.Skipped)
        {
            return role;
        }

        bool isFurniture = element.LocalName is "header" or "footer" or "aside"
            || (classes is not null && HasClass(classes, FurnitureClasses))
            || (element.GetAttribute("role") is { } aria && FurnitureRoles.Contains(aria));
        return isFurniture ? HtmlRole.Furniture : role;
    }

    public static bool IsBox(IElement element) => element.GetAttribute("class") is { } classes && HasClass(classes, BoxClasses);

    private static bool HasClass(string classes, FrozenSet<string> wanted)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> all = classes;
        foreach (Range range in all.SplitAny(' ', '\t', '\n'))
        {
            if (lookup.Contains(all[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<KeyValuePair<string, HtmlRole>> Names()
    {
        (HtmlRole Role, string Names)[] groups =
        [
            (HtmlRole.Block, "address article aside blockquote body caption center details dialog div fieldset figcaption figure footer form header hgroup hr legend main p section summary"),
            (HtmlRole.Heading, "h1 h2 h3 h4 h5 h6"),
            (HtmlRole.List, "dl ol ul menu dir"),
            (HtmlRole.Item, "li"),
            (HtmlRole.Term, "dt"),
            (HtmlRole.Definition, "dd"),
            (HtmlRole.Preformatted, "pre listing xmp"),
            (HtmlRole.Break, "br"),
            (HtmlRole.Table, "table"),
            (HtmlRole.Row, "tr"),
            (HtmlRole.Cell, "td th"),
            (HtmlRole.Skipped, "audio button canvas datalist embed frameset head iframe input map math noscript object script select style svg template textarea title video"),
            (HtmlRole.Furniture, "nav"),
        ];
        return groups.SelectMany(g => g.Names.Split(' ').Select(n => KeyValuePair.Create(n, g.Role)));
    }
}
