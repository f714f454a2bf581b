namespace Holdfast.Engine.Scheduling;

/// <summary>What became of a new sequence.</summary>
internal enum Submission
{
    Queued,

    /// <summary>The queue is full.</summary>
    QueueFull,

    /// <summary>It could never fit the pool, even alone.</summary>
    TooLarge,
}
