namespace Holdfast.Retrieval.Analysis;

/// <summary>What a word is made of.</summary>
internal enum WordShape
{
    /// <summary>Letters and digits of a language that puts spaces between its words.</summary>
    Plain,

    /// <summary>A whole name of several parts: <c>os.path.join</c>, <c>max_workers</c>, <c>ThreadPool</c>, <c>utf-8</c>.</summary>
    Compound,

    /// <summary>Two neighbours of a script that writes no spaces, or one that stands alone.</summary>
    Bigram,
}
