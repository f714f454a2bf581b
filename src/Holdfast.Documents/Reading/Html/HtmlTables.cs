using AngleSharp.Dom;

namespace Holdfast.Documents.Reading.Html;

/// <summary>Tells tables of data from tables that lay out a page.</summary>
internal static class HtmlTables
{
    /// <summary>A table of data holds no table. It says so by a head or a caption, or all its cells are plain: no heading, list, code or rule in them.</summary>
    public static bool IsData(IElement table)
    {
        if (table.GetAttribute("role") is "presentation" or "none")
        {
            return false;
        }

        bool hasHead = false;
        bool isPlain = true;
        Stack<IElement> open = new();
        open.Push(table);
        while (open.TryPop(out IElement? element))
        {
            foreach (IElement child in element.Children)
            {
                if (child.LocalName is "table" or "article" or "main")
                {
                    return false;
                }

                hasHead |= child.LocalName is "th" or "thead" or "caption";
                isPlain &= child.LocalName is not ("pre" or "ul" or "ol" or "dl" or "h1" or "h2" or "h3" or "h4" or "hr");
                open.Push(child);
            }
        }

        return hasHead || isPlain;
    }
}
