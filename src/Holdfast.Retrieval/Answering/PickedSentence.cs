using Holdfast.Retrieval.Analysis;

namespace Holdfast.Retrieval.Answering;

/// <summary>A sentence of the answer: index of its passage in the result, and its place in the passage.</summary>
/// <param name="Passage">Index in the result.</param>
/// <param name="Sentence">Its place.</param>
/// <param name="WordsShown">Words that fit; fewer than it has when it alone exceeds the bound.</param>
internal readonly record struct PickedSentence(int Passage, Sentence Sentence, int WordsShown);
