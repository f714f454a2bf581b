using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Gateway.Answers;

/// <summary>
/// For an answer without a single <c>[n]</c>: ties a sentence to the passage that most of its words stand in. Small models forget the
/// markers though they keep to the passages. A sentence with too few words, whose words are scattered or its own, or that only says the question
/// again stays without a source: better none than a wrong one. Cost: one pass over passages and answer, one set lookup a word and passage.
/// </summary>
internal static class SentenceSource
{
    /// <summary>Different words that a sentence must have to be tied.</summary>
    private const int WordsMin = 3;

    /// <summary>Share of a sentence's words that must stand in the passage.</summary>
    private const double ShareMin = 0.7;

    /// <summary>Shorter words without a digit say little about a source.</summary>
    private const int LettersMin = 4;

    /// <summary>Words count as equal when their first letters are, a last s apart: restart, restarts, restarted.</summary>
    private const int StemLetters = 6;

    public static IEnumerable<Citation> Find(string answer, string question, IReadOnlyList<Passage> passages)
    {
        var asked = Words(question);
        var words = passages.Select(passage => Words(passage.Text)).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < answer.Length;)
        {
            var end = SentenceEnd(answer, start);
            var (from, to) = Trim(answer, start, end);
            start = end;

            // A sentence said twice has its source named once.
            if (from < to && seen.Add(answer[from..to]) && Best(Words(answer.AsSpan(from, to - from)), asked, words) is { } best)
            {
                var passage = passages[best];
                yield return new Citation(from, to, passage, passage.Start, passage.Length, passage.Text);
            }
        }
    }

    private static int? Best(HashSet<string> sentence, HashSet<string> asked, List<HashSet<string>> passages)
    {
        if (sentence.Count < WordsMin)
        {
            return null;
        }

        var (best, most) = (-1, 0);
        for (var p = 0; p < passages.Count; p++)
        {
            var shared = sentence.Count(passages[p].Contains);
            if (shared > most)
            {
                (best, most) = (p, shared);
            }
        }

        return most >= ShareMin * sentence.Count && sentence.Any(word => passages[best].Contains(word) && !asked.Contains(word)) ? best : null;
    }

    /// <summary>One past the sentence's end: a line break, or a closing mark with white space behind it.</summary>
    private static int SentenceEnd(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] is '.' or '!' or '?' or '。' && (i + 1 == text.Length || text[i] == '。' || char.IsWhiteSpace(text[i + 1]))))
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static (int From, int To) Trim(string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        while (to > from && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        return (from, to);
    }

    private static HashSet<string> Words(ReadOnlySpan<char> text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var hasDigit = false;
            while (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                hasDigit |= char.IsDigit(text[i]);
                i++;
            }

            var word = text[start..i];
            if (hasDigit)
            {
                // Numbers and codes count whole: 320 is not 3200.
                words.Add(word.ToString().ToLowerInvariant());
            }
            else if (word.Length >= LettersMin)
            {
                var plain = word.TrimEnd("sS");
                words.Add(plain[..Math.Min(plain.Length, StemLetters)].ToString().ToLowerInvariant());
            }

            i = word.Length == 0 ? i + 1 : i;
        }

        return words;
    }
}
