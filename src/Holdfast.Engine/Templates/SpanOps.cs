namespace Holdfast.Engine.Templates;

/// <summary>Python's string operations on strings with origins.</summary>
internal static class SpanOps
{
    public static SpanString Strip(SpanString text, string? characters, bool atStart, bool atEnd, RenderBudget budget)
    {
        budget.Characters(text.Text.Length + (characters?.Length ?? 0L));
        var set = characters is null ? null : new HashSet<char>(characters);
        var (start, end) = (0, text.Text.Length);
        while (atStart && start < end && IsStripped(text.Text[start], set))
        {
            start++;
        }

        while (atEnd && end > start && IsStripped(text.Text[end - 1], set))
        {
            end--;
        }

        return text.Cut(start, end);
    }

    public static SpanString Map(SpanString text, Func<string, string> map, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var start = 0;
        foreach (var run in text.Runs)
        {
            built.Append(map(text.Text[start..run.End]), run.IsTemplate);
            start = run.End;
        }

        return built.ToSpanString();
    }

    public static SpanString Capitalise(SpanString text, RenderBudget budget) => new SpanBuilder(budget)
        .Append(Map(text.Cut(0, 1), s => s == "ß" ? "Ss" : s.ToUpperInvariant(), budget))
        .Append(Map(text.Cut(1, text.Text.Length), s => s.ToLowerInvariant(), budget))
        .ToSpanString();

    /// <summary>Large letters where words start: at the start of the text and behind what <paramref name="isBorder"/> says (Python's method and Jinja's filter differ in it).</summary>
    public static SpanString Title(SpanString text, Func<char, bool> isBorder, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var isInWord = false;
        for (var i = 0; i < text.Text.Length; i++)
        {
            var unit = text.Text[i];
            built.Append([isInWord ? char.ToLowerInvariant(unit) : char.ToUpperInvariant(unit)], text.IsTemplateAt(i));
            isInWord = !isBorder(unit);
        }

        return built.ToSpanString();
    }

    /// <summary><paramref name="countMax"/> below 0: all.</summary>
    public static SpanString Replace(SpanString text, string old, SpanString with, int countMax, RenderBudget budget)
    {
        if (old.Length == 0)
        {
            return PutBetween(text, with, countMax, budget);
        }

        var built = new SpanBuilder(budget);
        var start = 0;
        for (var count = 0; countMax < 0 || count < countMax; count++)
        {
            var at = TextSearch.IndexOf(text.Text, old, start, budget);
            if (at < 0)
            {
                break;
            }

            built.Append(text, start, at).Append(with);
            start = at + old.Length;
        }

        return built.Append(text, start, text.Text.Length).ToSpanString();
    }

    // What replacing an empty text means: it stands before each character and at the end.
    private static SpanString PutBetween(SpanString text, SpanString with, int countMax, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var count = 0;
        foreach (var rune in Values.Items(text, budget))
        {
            built.Append(countMax < 0 || count++ < countMax ? with : SpanString.Empty).Append((SpanString)rune!);
        }

        return built.Append(countMax < 0 || count < countMax ? with : SpanString.Empty).ToSpanString();
    }

    /// <summary>Cuts at each separator, <paramref name="cutsMax"/> times at most (below 0: always), from the right when asked.</summary>
    public static List<object?> Split(SpanString text, string separator, int cutsMax, bool isFromRight, RenderBudget budget)
    {
        if (separator.Length == 0)
        {
            throw new RenderFault("split with an empty separator");
        }

        var cuts = new List<int>();
        var border = isFromRight ? text.Text.Length : 0;
        while (cutsMax < 0 || cuts.Count < cutsMax)
        {
            var at = isFromRight ? TextSearch.LastIndexOf(text.Text, separator, border, budget) : TextSearch.IndexOf(text.Text, separator, border, budget);
            if (at < 0)
            {
                break;
            }

            budget.Step();
            cuts.Add(at);
            border = isFromRight ? at : at + separator.Length;
        }

        if (isFromRight)
        {
            cuts.Reverse();
        }

        budget.Characters(text.Text.Length);
        var parts = new List<object?>();
        var start = 0;
        foreach (var cut in cuts)
        {
            parts.Add(text.Cut(start, cut));
            start = cut + separator.Length;
        }

        parts.Add(text.Cut(start, text.Text.Length));
        return parts;
    }

    /// <summary>Cuts at runs of spaces; no empty parts.</summary>
    public static List<object?> SplitAtSpaces(SpanString text, int cutsMax, RenderBudget budget)
    {
        budget.Characters(2L * text.Text.Length);
        var parts = new List<object?>();
        var place = 0;
        while (true)
        {
            while (place < text.Text.Length && IsStripped(text.Text[place], null))
            {
                place++;
            }

            if (place == text.Text.Length)
            {
                return parts;
            }

            var start = place;
            if (cutsMax >= 0 && parts.Count == cutsMax)
            {
                parts.Add(text.Cut(start, text.Text.Length));
                return parts;
            }

            while (place < text.Text.Length && !IsStripped(text.Text[place], null))
            {
                place++;
            }

            budget.Step();
            parts.Add(text.Cut(start, place));
        }
    }

    public static List<object?> SplitLines(SpanString text, RenderBudget budget)
    {
        budget.Characters(2L * text.Text.Length);
        var parts = new List<object?>();
        var start = 0;
        for (var i = 0; i < text.Text.Length; i++)
        {
            // Python's ends of a line, which are more than a terminal's.
            if (text.Text[i] is (>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029')
            {
                budget.Step();
                parts.Add(text.Cut(start, i));
                i += text.Text[i] == '\r' && i + 1 < text.Text.Length && text.Text[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }

        if (start < text.Text.Length)
        {
            parts.Add(text.Cut(start, text.Text.Length));
        }

        return parts;
    }

    private static bool IsStripped(char unit, HashSet<char>? set) =>
        set is null ? char.IsWhiteSpace(unit) || unit is >= '\x1c' and <= '\x1f' : set.Contains(unit);
}
