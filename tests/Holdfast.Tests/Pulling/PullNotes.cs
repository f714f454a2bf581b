using Holdfast.Pulling;

namespace Holdfast.Tests.Pulling;

/// <summary>Keeps what a pull tells, and may do something when it tells of progress.</summary>
internal sealed class PullNotes : IPullReport
{
    public List<string> Notes { get; } = [];

    public List<long> Steps { get; } = [];

    public Action<long>? OnStep { get; set; }

    public void Note(string text) => Notes.Add(text);

    public void Progress(long doneBytes, long totalBytes)
    {
        Steps.Add(doneBytes);
        OnStep?.Invoke(doneBytes);
    }
}
