using AngleSharp.Dom;

namespace Holdfast.Documents.Reading.Html;

/// <summary>
/// Finds text that the page's reader does not see: the place where instructions to a model are hidden. Looks at the element alone:
/// the hidden attribute, aria-hidden, and what its own style says. Style sheets are not read.
/// </summary>
internal static class HtmlVisibility
{
    public static bool IsHidden(IElement element, bool isOnBackground)
    {
        if (element.HasAttribute("hidden") || string.Equals(element.GetAttribute("aria-hidden"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        string? style = element.GetAttribute("style");
        return style is not null && IsHidden(style, isOnBackground);
    }

    /// <summary>Whether the element paints something behind its text: then white text is no secret.</summary>
    public static bool HasBackground(IElement element)
    {
        string? style = element.GetAttribute("style");
        return (style is not null && Has(style, "background", static v => !IsWhite(v))) || element.HasAttribute("bgcolor");
    }

    private static bool IsHidden(string style, bool isOnBackground)
    {
        if (Has(style, "display", static v => v.StartsWith("none", StringComparison.OrdinalIgnoreCase))
            || Has(style, "visibility", static v => v.StartsWith("hidden", StringComparison.OrdinalIgnoreCase) || v.StartsWith("collapse", StringComparison.OrdinalIgnoreCase))
            || Has(style, "font-size", IsTiny)
            || Has(style, "opacity", static v => double.TryParse(v, System.Globalization.CultureInfo.InvariantCulture, out double o) && o < 0.05)
            || Has(style, "text-indent", IsFarAway)
            || Has(style, "left", IsFarAway)
            || Has(style, "top", IsFarAway))
        {
            return true;
        }

        return !isOnBackground && Has(style, "color", IsWhite);
    }

    /// <summary>Whether a property of the style has a value that fits. <c>background</c> also means <c>background-color</c>.</summary>
    private static bool Has(ReadOnlySpan<char> style, string property, Predicate<string> fits)
    {
        foreach (Range range in style.Split(';'))
        {
            ReadOnlySpan<char> declaration = style[range];
            int colon = declaration.IndexOf(':');
            if (colon < 0)
            {
                continue;
            }

            ReadOnlySpan<char> name = declaration[..colon].Trim();
            bool isNamed = name.Equals(property, StringComparison.OrdinalIgnoreCase)
                || (property == "background" && name.Equals("background-color", StringComparison.OrdinalIgnoreCase));
            if (isNamed && fits(declaration[(colon + 1)..].ToString().Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWhite(string value)
    {
        string bare = value.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return bare is "white" or "#fff" or "#ffffff" or "#ffff" or "#ffffffff" or "rgb(255,255,255)" or "rgba(255,255,255,1)" or "transparent" or "rgba(0,0,0,0)"
            or "#fefefe" or "#fdfdfd";
    }

    // One pixel or one point and less.
    private static bool IsTiny(string value)
    {
        int digits = 0;
        while (digits < value.Length && (char.IsAsciiDigit(value[digits]) || value[digits] == '.'))
        {
            digits++;
        }

        if (!double.TryParse(value.AsSpan(0, digits), System.Globalization.CultureInfo.InvariantCulture, out double size))
        {
            return false;
        }

        string unit = value[digits..].Trim().ToLowerInvariant();
        return size == 0 || (unit is "px" or "pt" && size <= 1) || (unit is "em" or "rem" && size <= 0.1);
    }

    private static bool IsFarAway(string value) =>
        value.StartsWith('-') && value.Length >= 5 && char.IsAsciiDigit(value[1]) && char.IsAsciiDigit(value[2]) && char.IsAsciiDigit(value[3])
        && (char.IsAsciiDigit(value[4]) || value.EndsWith("em", StringComparison.OrdinalIgnoreCase));
}
