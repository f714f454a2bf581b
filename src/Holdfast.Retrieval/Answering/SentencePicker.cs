using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval.Analysis;
using Holdfast.Retrieval.Ranking;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// Chooses the sentences of an extractive answer: the best by the question's terms (idf), the passage's score and the sentences
/// beside it, until the bound of words is reached or the rest only fills up. No sentence is cut but one that alone exceeds the bound.
/// Single sentences showed the answer as often as contiguous windows did (docs/measurements.md).
/// </summary>
internal sealed class SentencePicker(RetrievalOptions options, PickWeights weights)
{
    private readonly record struct Option(PickedSentence Sentence, double Score);

    /// <summary>The choice, in the order of the documents; documents stand as the ranking has them.</summary>
    public IReadOnlyList<PickedSentence> Pick(IReadOnlyList<QueryTerm> terms, IReadOnlyList<Passage> passages)
    {
        var count = Math.Min(options.AnswerPassagesMax, passages.Count);
        var choices = new List<Option>();
        for (var passage = 0; passage < count; passage++)
        {
            AddOptions(choices, terms, passages, passage, SentenceReader.Read(passages[passage].Text));
        }

        choices.Sort((left, right) => left.Score != right.Score
            ? right.Score.CompareTo(left.Score)
            : (left.Sentence.Passage, left.Sentence.Sentence.Start).CompareTo((right.Sentence.Passage, right.Sentence.Sentence.Start)));
        var picked = Take(choices, passages);
        var order = DocumentOrder(passages, count);
        picked.Sort((left, right) => left.Passage != right.Passage
            ? order[left.Passage] - order[right.Passage]
            : left.Sentence.Start - right.Sentence.Start);
        return picked;
    }

    private void AddOptions(
        List<Option> choices, IReadOnlyList<QueryTerm> terms, IReadOnlyList<Passage> passages, int passage, List<Sentence> sentences)
    {
        var holds = Holds(terms, passages[passage].Text, sentences);
        var share = passages[0].Score > 0 ? passages[passage].Score / passages[0].Score : 0;
        for (var index = 0; index < sentences.Count; index++)
        {
            var sentence = sentences[index];
            if (sentence.Words >= weights.WordsMin && !IsHeading(passages[passage], sentence))
            {
                var before = index > 0 ? holds[index - 1] : null;
                var after = index + 1 < sentences.Count ? holds[index + 1] : null;
                var words = Math.Min(sentence.Words, options.AnswerWordsMax);
                var score = Overlap(terms, holds[index], before, after) + (weights.Passage * share)
                    - (weights.Length * words / options.AnswerWordsMax);
                choices.Add(new Option(new PickedSentence(passage, sentence, words), score));
            }
        }
    }

    // A heading says what follows and answers nothing: a line of # signs, or the passage's own heading.
    private static bool IsHeading(Passage passage, Sentence sentence)
    {
        var text = passage.Text.AsSpan(sentence.Start, sentence.Length);
        return text[0] == '#' || (passage.Heading is { } heading && heading.AsSpan().EndsWith(text, StringComparison.Ordinal));
    }

    // Share of the question, by idf, that the sentence holds, and a part of what its neighbours hold beside it.
    private double Overlap(IReadOnlyList<QueryTerm> terms, bool[] held, bool[]? before, bool[]? after)
    {
        double all = 0, own = 0, beside = 0;
        for (var term = 0; term < terms.Count; term++)
        {
            var worth = terms[term].Idf * (terms[term].IsStopWord ? weights.StopWord : terms[term].IsCompound ? weights.Compound : 1);
            all += worth;
            own += held[term] ? worth : 0;
            beside += !held[term] && (before?[term] == true || after?[term] == true) ? worth : 0;
        }

        return all > 0 ? (own + (weights.Neighbour * beside)) / all : 0;
    }

    private List<PickedSentence> Take(List<Option> choices, IReadOnlyList<Passage> passages)
    {
        var picked = new List<PickedSentence>();
        var left = options.AnswerWordsMax;
        foreach (var (sentence, score) in choices)
        {
            if (picked.Count > 0 && score < choices[0].Score * weights.ShareMin)
            {
                break;
            }

            if (sentence.WordsShown <= left && !IsTaken(picked, sentence, passages))
            {
                picked.Add(sentence);
                left -= sentence.WordsShown;
            }
        }

        return picked;
    }

    // The same place of a document can stand in two passages, and manuals repeat whole sentences.
    private static bool IsTaken(List<PickedSentence> picked, PickedSentence sentence, IReadOnlyList<Passage> passages)
    {
        var here = passages[sentence.Passage].Text.AsSpan(sentence.Sentence.Start, sentence.Sentence.Length);
        foreach (var other in picked)
        {
            var there = passages[other.Passage].Text.AsSpan(other.Sentence.Start, other.Sentence.Length);
            if (here.SequenceEqual(there) || Overlaps(passages[sentence.Passage], sentence.Sentence, passages[other.Passage], other.Sentence))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overlaps(Passage left, Sentence leftSentence, Passage right, Sentence rightSentence)
    {
        var leftStart = left.Start + leftSentence.Start;
        var rightStart = right.Start + rightSentence.Start;
        return left.DocumentId == right.DocumentId && leftStart < rightStart + rightSentence.Length && rightStart < leftStart + leftSentence.Length;
    }

    private static List<bool[]> Holds(IReadOnlyList<QueryTerm> terms, string text, List<Sentence> sentences)
    {
        var lookup = new TermLookup(terms);
        var holds = new List<bool[]>(sentences.Count);
        foreach (var sentence in sentences)
        {
            var held = new bool[terms.Count];
            var span = text.AsSpan(sentence.Start, sentence.Length);
            var words = new WordReader(span);
            while (words.MoveNext())
            {
                var term = lookup.Find(span.Slice(words.Current.Start, words.Current.Length));
                if (term >= 0)
                {
                    held[term] = true;
                }
            }

            holds.Add(held);
        }

        return holds;
    }

    // Place of each passage when documents keep the order of their best passage and passages that of the text.
    private static int[] DocumentOrder(IReadOnlyList<Passage> passages, int count)
    {
        var documents = new List<string>();
        foreach (var passage in passages.Take(count))
        {
            if (!documents.Contains(passage.DocumentId))
            {
                documents.Add(passage.DocumentId);
            }
        }

        var sorted = Enumerable.Range(0, count)
            .OrderBy(index => documents.IndexOf(passages[index].DocumentId)).ThenBy(index => passages[index].Start).ToArray();
        var order = new int[count];
        for (var place = 0; place < count; place++)
        {
            order[sorted[place]] = place;
        }

        return order;
    }
}
