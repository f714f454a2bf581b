using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Gateway.Answers;

/// <summary>Finds <c>[n]</c> in a generated answer: each ties the sentence before it to passage n of the prompt. A number without a passage is text.</summary>
internal static partial class CitationFinder
{
    public static IEnumerable<Citation> Find(string answer, IReadOnlyList<Passage> passages)
    {
        var from = 0;
        foreach (Match match in Markers().Matches(answer))
        {
            var start = SentenceStart(answer, from, match.Index);
            foreach (var number in match.Groups["n"].Value.Split(','))
            {
                if (int.TryParse(number.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= passages.Count)
                {
                    var passage = passages[n - 1];
                    yield return new Citation(start, match.Index + match.Length, passage, passage.Start, passage.Length, passage.Text);
                }
            }

            // Markers that follow each other belong to the same sentence.
            var next = match.Index + match.Length;
            from = next < answer.Length && (answer[next] == '[' || (answer[next] == ' ' && next + 1 < answer.Length && answer[next + 1] == '[')) ? from : next;
        }
    }

    private static int SentenceStart(string answer, int from, int to)
    {
        var start = from;
        for (var i = to - 3; i >= from; i--)
        {
            if (answer[i] == '\n' || (answer[i] is '.' or '!' or '?' && char.IsWhiteSpace(answer[i + 1]) && i + 2 < to))
            {
                start = i + 1;
                break;
            }
        }

        while (start < to && (char.IsWhiteSpace(answer[start]) || answer[start] is '.' or ']'))
        {
            start++;
        }

        return start;
    }

    [GeneratedRegex(@"\[(?<n>\d{1,3}(?:\s?,\s?\d{1,3})*)\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Markers();
}
