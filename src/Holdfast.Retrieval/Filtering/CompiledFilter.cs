namespace Holdfast.Retrieval.Filtering;

/// <summary>
/// A filter as a condition over <c>document d</c> and <c>passage p</c>. Every key and value is a parameter; <paramref name="Sql"/> holds
/// only words of this program.
/// </summary>
internal sealed record CompiledFilter(string Sql, IReadOnlyList<object?> Values);
