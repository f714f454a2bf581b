using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval.Analysis;
using Holdfast.Retrieval.Ranking;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// Chooses the sentences of an extractive answer: the best by the question's terms (idf), the passage's score and the sentences
/// beside it, singly or as two neighbours, until the bound of words is reached or the rest only fills up. No sentence is cut but one
/// that alone exceeds the bound. Measured against whole passages and plain overlap in docs/measurements.md.
/// </summary>
internal sealed class SentencePicker(RetrievalOptions options, PickWeights weights)
{
    private readonly record struct Option(int Passage, int First, int Last, int Words, double Score);

    /// <summary>The choice, in the order of the documents; documents stand as the ranking has them.</summary>
    public IReadOnlyList<PickedSentence> Pick(IReadOnlyList<QueryTerm> terms, IReadOnlyList<Passage> passages)
    {
        var count = Math.Min(options.AnswerPassagesMax, passages.Count);
        var sentences = new List<Sentence>[count];
        var choices = new List<Option>();
        for (var passage = 0; passage < count; passage++)
        {
            sentences[passage] = SentenceReader.Read(passages[passage].Text);
            AddOptions(choices, terms, passages, passage, sentences[passage]);
        }

        choices.Sort((left, right) => left.Score != right.Score ? right.Score.CompareTo(left.Score)
            : left.Passage != right.Passage ? left.Passage - right.Passage : left.First - right.First);
        var picked = Take(choices, passages, sentences);
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
        var together = new bool[terms.Count];
        for (var first = 0; first < sentences.Count; first++)
        {
            var words = 0;
            Array.Clear(together);
            for (var last = first; last < Math.Min(sentences.Count, first + weights.SentencesTogether); last++)
            {
                words += sentences[last].Words;
                if (last > first && words > weights.WordsTogether)
                {
                    break;
                }

                Add(together, holds[last]);
                if (words >= weights.WordsMin)
                {
                    var before = first > 0 ? holds[first - 1] : null;
                    var after = last + 1 < sentences.Count ? holds[last + 1] : null;
                    var score = Overlap(terms, together, before, after) + (weights.Passage * share)
                        - (weights.Length * words / options.AnswerWordsMax);
                    choices.Add(new Option(passage, first, last, Math.Min(words, options.AnswerWordsMax), score));
                }
            }
        }
    }

    // Share of the question, by idf, that the sentences hold, and a part of what their neighbours hold beside them.
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

    private List<PickedSentence> Take(List<Option> choices, IReadOnlyList<Passage> passages, List<Sentence>[] sentences)
    {
        var picked = new List<PickedSentence>();
        var left = options.AnswerWordsMax;
        foreach (var choice in choices)
        {
            if (picked.Count > 0 && choice.Score < choices[0].Score * weights.ShareMin)
            {
                break;
            }

            if (choice.Words > left || IsTaken(picked, choice, passages, sentences[choice.Passage]))
            {
                continue;
            }

            for (var index = choice.First; index <= choice.Last; index++)
            {
                var sentence = sentences[choice.Passage][index];
                picked.Add(new PickedSentence(choice.Passage, sentence, Math.Min(sentence.Words, options.AnswerWordsMax)));
            }

            left -= choice.Words;
        }

        return picked;
    }

    // The same place of a document can stand in two passages, and manuals repeat whole sentences.
    private static bool IsTaken(List<PickedSentence> picked, Option choice, IReadOnlyList<Passage> passages, List<Sentence> sentences)
    {
        foreach (var other in picked)
        {
            for (var index = choice.First; index <= choice.Last; index++)
            {
                var here = passages[choice.Passage].Text.AsSpan(sentences[index].Start, sentences[index].Length);
                var there = passages[other.Passage].Text.AsSpan(other.Sentence.Start, other.Sentence.Length);
                if (here.SequenceEqual(there) || Overlaps(passages[choice.Passage], sentences[index], passages[other.Passage], other.Sentence))
                {
                    return true;
                }
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

    private static void Add(bool[] together, bool[] held)
    {
        for (var index = 0; index < together.Length; index++)
        {
            together[index] |= held[index];
        }
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
