namespace Holdfast.Retrieval.Ranking;

/// <summary>How much a term tells: BM25's logarithm with one added, so that it is never negative.</summary>
internal static class Idf
{
    public static double Of(long passages, long holding) =>
        Math.Log(1 + ((Math.Max(0, passages - holding) + 0.5) / (holding + 0.5)));
}
