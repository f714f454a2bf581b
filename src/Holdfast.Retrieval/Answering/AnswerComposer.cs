using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// Writes the chosen sentences as one text: each followed by <c> [n]</c>, a space between those of one passage, a blank line before
/// another passage. Then come the two limits of the request: <c>max_tokens</c> drops whole sentences from the end, the first one too when it
/// alone exceeds it, and a stop string cuts where it stands.
/// </summary>
internal sealed class AnswerComposer(Func<string, int> countTokens)
{
    private const string Stop = "stop";
    private const string Length = "length";

    public ExtractiveAnswer Compose(
        IReadOnlyList<PickedSentence> picked, IReadOnlyList<Passage> passages, int? tokensMax, IReadOnlyList<string> stops)
    {
        var pieces = new List<string>(picked.Count);
        var citations = new List<Citation>(picked.Count);
        var numbers = new List<int>();
        var content = "";
        var finish = Stop;
        foreach (var sentence in picked)
        {
            var isNew = !numbers.Contains(sentence.Passage);
            var number = isNew ? numbers.Count + 1 : numbers.IndexOf(sentence.Passage) + 1;
            var before = content.Length == 0 ? "" : isNew ? "\n\n" : " ";
            var mark = FormattableString.Invariant($" [{number}]");
            var source = passages[sentence.Passage].Text.AsSpan(sentence.Sentence.Start, sentence.Sentence.Length);
            var shown = ShownText.Of(source, sentence.WordsShown);
            if (tokensMax is { } most && countTokens(content + before + shown.Text + mark) > most)
            {
                finish = Length;
                break;
            }

            if (isNew)
            {
                numbers.Add(sentence.Passage);
            }

            citations.Add(Cite(passages[sentence.Passage], sentence, shown, content.Length + before.Length));
            pieces.Add(before + shown.Text + mark);
            content += pieces[^1];
            finish = shown.IsCut ? Length : finish;
        }

        return StopAt(new ExtractiveAnswer(pieces, citations, finish), stops);
    }

    /// <summary>A sentence of our own, under the same limits.</summary>
    public ExtractiveAnswer Say(string sentence, int? tokensMax, IReadOnlyList<string> stops)
    {
        var fits = tokensMax is not { } most || countTokens(sentence) <= most;
        return StopAt(new ExtractiveAnswer(fits ? [sentence] : [], [], fits ? Stop : Length), stops);
    }

    private static Citation Cite(Passage passage, PickedSentence sentence, ShownText shown, int at)
    {
        var length = shown.IsCut ? shown.SourceLength(shown.Text.Length) : sentence.Sentence.Length;
        return new Citation(
            at, at + shown.Text.Length, passage, passage.Start + sentence.Sentence.Start, length, passage.Text.Substring(sentence.Sentence.Start, length));
    }

    private static ExtractiveAnswer StopAt(ExtractiveAnswer answer, IReadOnlyList<string> stops)
    {
        var content = answer.Content;
        var end = content.Length;
        foreach (var stop in stops)
        {
            var found = stop.Length == 0 ? -1 : content.IndexOf(stop, StringComparison.Ordinal);
            end = found >= 0 ? Math.Min(end, found) : end;
        }

        if (end == content.Length)
        {
            return answer;
        }

        var pieces = new List<string>();
        var at = 0;
        foreach (var piece in answer.Pieces)
        {
            var kept = Math.Min(piece.Length, end - at);
            if (kept > 0)
            {
                pieces.Add(piece[..kept]);
            }

            at += piece.Length;
        }

        Citation[] citations = [.. answer.Citations.Where(citation => citation.AnswerStart < end).Select(citation => Shorten(citation, end))];
        return new ExtractiveAnswer(pieces, citations, Stop);
    }

    private static Citation Shorten(Citation citation, int end)
    {
        if (citation.AnswerEnd <= end)
        {
            return citation;
        }

        var length = ShownText.Of(citation.Text, int.MaxValue).SourceLength(end - citation.AnswerStart);
        return citation with { AnswerEnd = end, Length = length, Text = citation.Text[..length] };
    }
}
