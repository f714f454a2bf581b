namespace Holdfast.Engine.Kernels;

/// <summary>Which query rows attend: <paramref name="Tokens"/> rows of the batch from <paramref name="First"/> on, all of one sequence.</summary>
/// <param name="First">First row in the batch.</param>
/// <param name="Tokens">How many rows.</param>
/// <param name="Length">Tokens of the sequence that the last of the rows sees.</param>
/// <param name="IsCausal">Whether each row before the last sees one token less than the next.</param>
internal readonly record struct HeadRows(int First, int Tokens, int Length, bool IsCausal);
