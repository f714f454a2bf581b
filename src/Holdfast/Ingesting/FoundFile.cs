namespace Holdfast.Ingesting;

/// <summary>A file of the folder as the file system tells it.</summary>
/// <param name="Path">Relative to the folder, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ChangedTicks">Time of its last change, in ticks of 100 ns UTC.</param>
internal readonly record struct FoundFile(string Path, long Bytes, long ChangedTicks);
