using System.Collections.Frozen;

namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// Cuts a passage into what can be shown alone. A blank line, a list mark, a table row and an indented line end what came before;
/// inside prose a sentence ends at <c>. ! ?</c> (and what closes after it) before space and something that can begin one. Not after an
/// abbreviation, an initial or the number of a list. Nothing is lost: every unit that is no space lies in one sentence.
/// </summary>
internal static class SentenceReader
{
    // A run of code lines longer than this is cut at a line's end: what is shown must fit the bound of an answer.
    private const int CodeWordsMax = 40;

    private static readonly FrozenSet<string> Abbreviations = (
        "e.g i.e etc vs cf viz resp approx dr mr mrs ms prof st no nos fig figs eq sec ch vol pp ed eds al inc ltd co corp dept est "
        + "jan feb mar apr jun jul aug sep sept oct nov dec min max incl excl ca").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsAbbreviation =
        Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>();

    public static List<Sentence> Read(string text)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        var wasCode = false;
        var wasRow = false;
        for (var line = 0; line < text.Length;)
        {
            var end = text.IndexOf('\n', line);
            end = end < 0 ? text.Length : end;
            var content = text.AsSpan(line, end - line);
            var isCode = IsCode(content, wasCode);
            var isRow = !isCode && content.Contains(" | ", StringComparison.Ordinal);
            if (content.IsWhiteSpace() || StartsItem(content) || isRow || wasRow || isCode != wasCode || (isCode && CountWords(text.AsSpan(start..end)) > CodeWordsMax))
            {
                Close(text, start, line, wasCode, sentences);
                start = line;
            }

            wasCode = isCode && !content.IsWhiteSpace();
            wasRow = isRow;
            line = end + 1;
        }

        Close(text, start, text.Length, wasCode, sentences);
        return sentences;
    }

    /// <summary>Words as a reader counts them: runs without space.</summary>
    public static int CountWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        var isInside = false;
        foreach (var unit in text)
        {
            var isSpace = char.IsWhiteSpace(unit);
            count += !isSpace && !isInside ? 1 : 0;
            isInside = !isSpace;
        }

        return count;
    }

    private static bool IsCode(ReadOnlySpan<char> line, bool wasCode) =>
        line.StartsWith("    ") || line.StartsWith("\t") || line.StartsWith(">>>") || line.StartsWith("```")
        || (wasCode && (line.StartsWith("...") || line.StartsWith("  ")));

    private static bool StartsItem(ReadOnlySpan<char> line)
    {
        var trimmed = line.TrimStart();
        if (trimmed.StartsWith("- ") || trimmed.StartsWith("* ") || trimmed.StartsWith("+ ") || trimmed.StartsWith("• ") || trimmed.StartsWith("|") || trimmed.StartsWith("#"))
        {
            return true;
        }

        var digits = trimmed.IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and <= 3 && trimmed[digits..] is ['.' or ')', ' ', ..];
    }

    private static void Close(string text, int start, int end, bool isCode, List<Sentence> sentences)
    {
        if (isCode)
        {
            Add(text, start, end, sentences);
            return;
        }

        var from = start;
        for (var index = start; index < end; index++)
        {
            if (EndsSentence(text, from, index, end, out var after))
            {
                Add(text, from, after, sentences);
                from = after;
                index = after - 1;
            }
        }

        Add(text, from, end, sentences);
    }

    private static void Add(string text, int start, int end, List<Sentence> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            sentences.Add(new Sentence(start, end - start, CountWords(text.AsSpan(start..end))));
        }
    }

    private static bool EndsSentence(string text, int start, int index, int end, out int after)
    {
        after = index + 1;
        if (text[index] is '。' or '！' or '？')
        {
            return true;
        }

        if (text[index] is not ('.' or '!' or '?' or '…'))
        {
            return false;
        }

        while (after < end && text[after] is '.' or '!' or '?' or ')' or ']' or '"' or '\'' or '”' or '’' or '»' or '*' or '`')
        {
            after++;
        }

        if (after >= end || !char.IsWhiteSpace(text[after]))
        {
            return false;
        }

        var next = after;
        while (next < end && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        // A small letter goes on with the sentence, unless a question mark or an exclamation stood there.
        return next < end && (text[index] is '!' or '?' || !char.IsLower(text[next])) && !(text[index] == '.' && IsShortened(text, start, index));
    }

    private static bool IsShortened(string text, int start, int dot)
    {
        var from = dot;
        while (from > start && (char.IsLetterOrDigit(text[from - 1]) || text[from - 1] == '.'))
        {
            from--;
        }

        var word = text.AsSpan(from..dot);
        return IsAbbreviation.Contains(word)
            || (word.Length == 1 && char.IsUpper(word[0]))
            || (word.Length is 1 or 2 && from == start && word.IndexOfAnyExceptInRange('0', '9') < 0);
    }
}
