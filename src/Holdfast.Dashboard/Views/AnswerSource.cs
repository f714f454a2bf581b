using Holdfast.Abstractions.Searching;

namespace Holdfast.Dashboard.Views;

/// <summary>A passage that the answer cites.</summary>
/// <param name="Number">As marked in the answer.</param>
/// <param name="Passage">Where the cited spans come from.</param>
/// <param name="Excerpt">The cited spans in the order of the text, with a little of the passage around them.</param>
public sealed record AnswerSource(int Number, Passage Passage, IReadOnlyList<SourceRun> Excerpt)
{
    private IEnumerable<SourceRun> Cited => Excerpt.Where(static run => run.Start is not null);

    /// <summary>First unit cited, in the document's text.</summary>
    public int Start => Cited.Min(static run => run.Start!.Value);

    /// <summary>One past the last unit cited.</summary>
    public int End => Cited.Max(static run => run.Start!.Value + run.Length);

    /// <summary>The span to open the document at.</summary>
    public SourceRun First => Cited.First();
}
