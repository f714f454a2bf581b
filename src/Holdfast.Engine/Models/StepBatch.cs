namespace Holdfast.Engine.Models;

/// <summary>
/// The tokens of one step: runs of tokens of several sequences, each with its place in its sequence and the blocks that hold it.
/// Reused from step to step.
/// </summary>
internal sealed class StepBatch(int tokensMax, int logitRowsMax)
{
    private readonly List<StepRun> _runs = [];
    private readonly int[] _ids = new int[tokensMax];
    private readonly int[] _positions = new int[tokensMax];
    private readonly int[] _runOf = new int[tokensMax];
    private readonly int[] _logitTokens = new int[logitRowsMax];

    public int Tokens { get; private set; }

    public int LogitRows { get; private set; }

    public IReadOnlyList<StepRun> Runs => _runs;

    public int TokensMax => tokensMax;

    public int LogitRowsMax => logitRowsMax;

    public void Clear()
    {
        _runs.Clear();
        (Tokens, LogitRows) = (0, 0);
    }

    /// <summary>Adds tokens that stand from <paramref name="position"/> on. Returns the row of the last token's logits, or -1 when they are not wanted.</summary>
    public int Add(ReadOnlySpan<int> ids, int position, int[] blocks, bool wantsLogits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Length, tokensMax - Tokens, nameof(ids));
        var first = Tokens;
        foreach (var id in ids)
        {
            _ids[Tokens] = id;
            _positions[Tokens] = position + Tokens - first;
            _runOf[Tokens] = _runs.Count;
            Tokens++;
        }

        _runs.Add(new StepRun(first, ids.Length, position, blocks));
        return wantsLogits ? WantLogits(Tokens - 1) : -1;
    }

    /// <summary>Asks for the logits of a token of the batch; gives their row.</summary>
    public int WantLogits(int token)
    {
        _logitTokens[LogitRows] = token;
        return LogitRows++;
    }

    public int Id(int token) => _ids[token];

    public int Position(int token) => _positions[token];

    public StepRun RunOf(int token) => _runs[_runOf[token]];

    public int LogitToken(int row) => _logitTokens[row];
}
