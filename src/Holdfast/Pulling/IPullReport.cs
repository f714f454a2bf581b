namespace Holdfast.Pulling;

/// <summary>Where a pull says how far it is.</summary>
internal interface IPullReport
{
    /// <summary>Something that the user should know: what was picked, what starts anew and why.</summary>
    void Note(string text);

    void Progress(long doneBytes, long totalBytes);
}
