using System.Collections.Frozen;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Pipeline;

/// <summary>
/// The text that retrieval searches for: the last user message. One with fewer than four content words ("and on Windows?") says too
/// little alone, so the user message before it is put in front.
/// </summary>
internal static class QueryText
{
    private const int ContentWordsMin = 4;

    private static readonly FrozenSet<string> EmptyWords = FrozenSet.ToFrozenSet(
        [
            "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
            "does", "for", "from", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its",
            "just", "me", "my", "no", "not", "of", "on", "one", "or", "our", "out", "please", "she", "should", "so", "some", "than", "thanks",
            "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "up", "us", "was", "we", "were",
            "what", "when", "where", "which", "while", "who", "why", "will", "with", "would", "yes", "you", "your",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static string Of(IReadOnlyList<ChatMessage> messages)
    {
        string? last = null;
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role != "user" || string.IsNullOrWhiteSpace(messages[i].Text))
            {
                continue;
            }

            if (last is not null)
            {
                return messages[i].Text + "\n" + last;
            }

            last = messages[i].Text;
            if (ContentWords(last) >= ContentWordsMin)
            {
                return last;
            }
        }

        return last ?? "";
    }

    internal static int ContentWords(string text)
    {
        var words = EmptyWords.GetAlternateLookup<ReadOnlySpan<char>>();
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '\'' or '-'))
            {
                at++;
            }

            count += words.Contains(text.AsSpan(start, at - start)) ? 0 : 1;
        }

        return count;
    }
}
