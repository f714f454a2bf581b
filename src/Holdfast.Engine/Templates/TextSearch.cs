namespace Holdfast.Engine.Templates;

/// <summary>
/// Finds a text in another and pays for each character it looks at. The platform's search takes the square of the length for texts
/// made for it, such as "aaa…b" in "aaa…"; here such a search runs out of steps.
/// </summary>
internal static class TextSearch
{
    /// <summary>The first place from <paramref name="from"/> on, or -1.</summary>
    public static int IndexOf(string text, string sought, int from, RenderBudget budget)
    {
        if (sought.Length == 0)
        {
            return from;
        }

        for (var at = from; text.Length - at >= sought.Length; at++)
        {
            var step = text.AsSpan(at).IndexOf(sought[0]);
            budget.Characters(step < 0 ? text.Length - at : step + 1);
            at += step;
            if (step < 0 || IsAt(text, at, sought, budget))
            {
                return step < 0 ? -1 : at;
            }
        }

        return -1;
    }

    /// <summary>The last place that ends before <paramref name="end"/>, or -1.</summary>
    public static int LastIndexOf(string text, string sought, int end, RenderBudget budget)
    {
        for (var last = end - sought.Length; last >= 0; last--)
        {
            var at = text.AsSpan(0, last + 1).LastIndexOf(sought[0]);
            budget.Characters(last - at);
            last = at;
            if (at < 0 || IsAt(text, at, sought, budget))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsAt(string text, int at, string sought, RenderBudget budget)
    {
        var common = text.AsSpan(at).CommonPrefixLength(sought);
        budget.Characters(common);
        return common == sought.Length;
    }
}
