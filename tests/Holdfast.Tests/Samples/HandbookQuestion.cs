namespace Holdfast.Tests.Samples;

/// <summary>One line of <c>questions.jsonl</c>. Nothing answers it when <paramref name="Passages"/> is empty.</summary>
internal sealed record HandbookQuestion(string Id, string Question, string? Answer, IReadOnlyList<HandbookPassage> Passages);
