namespace Holdfast.Retrieval.Ranking;

/// <summary>One term of a question.</summary>
/// <param name="Text">As it stands in the index.</param>
/// <param name="Surface">As the question wrote it, the first time.</param>
/// <param name="Count">How often the question has it.</param>
/// <param name="IsStopWord">Carries no subject.</param>
/// <param name="IsCompound">A whole name, whose parts are terms of their own.</param>
internal sealed record QueryTerm(string Text, string Surface, int Count, bool IsStopWord, bool IsCompound)
{
    /// <summary>A word of asking, such as <c>often</c> or <c>want</c>.</summary>
    public bool IsOrdinary { get; init; }

    /// <summary>Passages of the collection that hold it.</summary>
    public long Passages { get; init; }

    /// <summary>How much it tells: BM25's logarithm, never below 0.</summary>
    public double Idf { get; init; }
}
