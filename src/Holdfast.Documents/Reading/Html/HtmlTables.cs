using AngleSharp.Dom;

namespace Holdfast.Documents.Reading.Html;

/// <summary>Tells tables of data from tables that lay out a page.</summary>
internal static class HtmlTables
{
    /// <summary>A table of data has short cells: no table, heading, list, code or rule in it.</summary>
    public static bool IsData(IElement table)
    {
        if (table.GetAttribute("role") is "presentation" or "none")
        {
            return false;
        }

        Stack<IElement> open = new();
        open.Push(table);
        while (open.TryPop(out IElement? element))
        {
            foreach (IElement child in element.Children)
            {
                if (child.LocalName is "table" or "pre" or "ul" or "ol" or "dl" or "h1" or "h2" or "h3" or "h4" or "hr" or "article" or "main")
                {
                    return false;
                }

                open.Push(child);
            }
        }

        return true;
    }
}
