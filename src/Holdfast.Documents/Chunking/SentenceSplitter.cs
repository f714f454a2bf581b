using System.Buffers;
using System.Collections.Frozen;

namespace Holdfast.Documents.Chunking;

/// <summary>Cuts prose at sentence ends: a stop, closing quotes, white space, and no small letter after it; known abbreviations and initials do not end one.</summary>
internal static class SentenceSplitter
{
    private static readonly SearchValues<char> Stops = SearchValues.Create(".!?…。！？");

    private static readonly FrozenSet<string> Abbreviations = new[]
    {
        "e.g", "i.e", "etc", "vs", "cf", "al", "dr", "mr", "mrs", "ms", "prof", "st", "no", "nr", "fig", "figs", "sec", "ch", "vol", "pp", "p", "ed", "eds",
        "approx", "ca", "inc", "ltd", "corp", "co", "dept", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "z.b", "d.h", "bzw", "usw", "ref", "eq", "eqs", "resp", "incl", "min", "max",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the sentences of a span, in order; together they hold every character that is not white space.</summary>
    public static void Split(string text, TextSpan span, List<TextSpan> sentences)
    {
        int start = SkipWhiteSpace(text, span.Start, span.End);
        int at = start;
        while (at < span.End)
        {
            int found = text.AsSpan(at, span.End - at).IndexOfAny(Stops);
            if (found < 0)
            {
                break;
            }

            int stop = at + found;
            int end = SkipClosing(text, stop + 1, span.End);
            if (EndsSentence(text, start, stop, end, span.End))
            {
                Add(text, start, end, sentences);
                start = SkipWhiteSpace(text, end, span.End);
                at = start;
            }
            else
            {
                at = Math.Max(end, stop + 1);
            }
        }

        Add(text, start, span.End, sentences);
    }

    private static bool EndsSentence(string text, int start, int stop, int end, int limit)
    {
        if (text[stop] is '。' or '！' or '？')
        {
            return true;
        }

        if (end >= limit || !char.IsWhiteSpace(text[end]))
        {
            return false;
        }

        int next = SkipWhiteSpace(text, end, limit);
        if (next >= limit || char.IsLower(text[next]))
        {
            return false;
        }

        return text[stop] != '.' || !IsAbbreviation(text, start, stop);
    }

    private static bool IsAbbreviation(string text, int start, int stop)
    {
        int from = stop;
        while (from > start && (char.IsLetter(text[from - 1]) || text[from - 1] == '.'))
        {
            from--;
        }

        ReadOnlySpan<char> word = text.AsSpan(from, stop - from);
        bool isInitial = word.Length == 1 && char.IsUpper(word[0]);
        return isInitial || (word.Length > 0 && Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word));
    }

    private static int SkipClosing(string text, int at, int end)
    {
        while (at < end && text[at] is '.' or '!' or '?' or '…' or '"' or '\'' or ')' or ']' or '”' or '’' or '»' or '。' or '！' or '？' or '」')
        {
            at++;
            if (at >= end)
            {
                break;
            }
        }

        return at;
    }

    private static int SkipWhiteSpace(string text, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static void Add(string text, int start, int end, List<TextSpan> sentences)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            sentences.Add(new TextSpan(start, end - start));
        }
    }
}
