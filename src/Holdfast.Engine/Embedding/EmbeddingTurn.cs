namespace Holdfast.Engine.Embedding;

/// <summary>The texts that are computed together, with the calls they belong to.</summary>
internal sealed class EmbeddingTurn(int tokensMax)
{
    private readonly List<(EmbeddingJob Job, int Index)> _places = [];
    private int _tokens;

    /// <summary>Each as tokens.</summary>
    public List<int[]> Texts { get; } = [];

    /// <summary>Takes the call's next texts as far as there is room. False when not one more fitted; a first text always does.</summary>
    public bool Add(EmbeddingJob job)
    {
        var before = Texts.Count;
        for (var i = job.Next; i < job.Count && (Texts.Count == 0 || _tokens + job.Text(i).Length <= tokensMax); i++)
        {
            Texts.Add(job.Text(i));
            _places.Add((job, i));
            _tokens += job.Text(i).Length;
        }

        return Texts.Count > before;
    }

    public void Take(int text, float[] vector) => _places[text].Job.Take(_places[text].Index, vector);

    public void Fail(int text, Exception fault) => _places[text].Job.Fail(fault);

    public void Fail(Exception fault)
    {
        foreach (var (job, _) in _places)
        {
            job.Fail(fault);
        }
    }
}
