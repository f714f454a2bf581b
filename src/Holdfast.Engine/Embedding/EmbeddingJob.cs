using Holdfast.Abstractions.Counting;

namespace Holdfast.Engine.Embedding;

/// <summary>One call: its texts as tokens, and the vectors that are done. Written by the owner thread alone after it was queued.</summary>
internal sealed class EmbeddingJob(int[][] texts, int[] tokens, bool[] isCut, bool isLeast, CancellationToken cancellationToken)
{
    private readonly float[][] _vectors = new float[texts.Length][];
    private readonly TaskCompletionSource<EmbeddingBatch> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<EmbeddingBatch> Task => _completion.Task;

    /// <summary>The first text that has no vector yet.</summary>
    public int Next { get; private set; }

    /// <summary>Nothing is left to compute: all vectors are there, the caller is gone, or the call has failed.</summary>
    public bool IsOver => Next == texts.Length || cancellationToken.IsCancellationRequested || _completion.Task.IsCompleted;

    public int Count => texts.Length;

    public int[] Text(int index) => texts[index];

    public void Take(int index, float[] vector)
    {
        _vectors[index] = vector;
        Next = index + 1;
    }

    /// <summary>True when the call is over; its caller then has the vectors, or is told of the cancellation.</summary>
    public bool Finish()
    {
        if (Next == texts.Length)
        {
            _completion.TrySetResult(new EmbeddingBatch(_vectors, tokens, isCut) { IsLeast = isLeast });
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(cancellationToken);
        }

        return _completion.Task.IsCompleted;
    }

    public void Fail(Exception fault) => _completion.TrySetException(fault);
}
