namespace Holdfast.Engine.Scheduling;

/// <summary>What a step computes for one sequence: <paramref name="Tokens"/> tokens from its first uncomputed one on.</summary>
/// <param name="Sequence">Whose tokens.</param>
/// <param name="Position">The first token's place in it.</param>
/// <param name="Tokens">How many.</param>
/// <param name="LogitRows">Of how many, counted from the run's end, the logits are wanted.</param>
internal readonly record struct PlannedRun(Sequence Sequence, int Position, int Tokens, int LogitRows)
{
    /// <summary>Whether the last token of the sequence is among them; then its logits are.</summary>
    public bool ReachesEnd => Position + Tokens == Sequence.Tokens.Count;
}
