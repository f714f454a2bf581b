namespace Holdfast.Engine.Models;

/// <summary>A run of tokens of one sequence in a step.</summary>
/// <param name="First">Its first token in the batch.</param>
/// <param name="Tokens">How many.</param>
/// <param name="Position">Place of the first one in its sequence.</param>
/// <param name="Blocks">The sequence's blocks, as many as it needs up to its last token here.</param>
internal readonly record struct StepRun(int First, int Tokens, int Position, int[] Blocks);
