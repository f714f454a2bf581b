namespace Holdfast.Engine.Embedding;

/// <summary>Limits of the embedding engine.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>The encoder that answers <c>/v1/embeddings</c>: path of a GGUF file of a BERT model, or the name of one where <c>model</c> is looked for; empty: the one that ships.</summary>
    public string Model { get; init; } = "";

    /// <summary>The name clients ask for; empty: the file's. Without an <c>@</c>, and not <c>extractive</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Threads that compute, the owner included; 0: one a processor.</summary>
    public int Threads { get; init; }

    internal int ThreadsUsed => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Tokens of one packed batch of work that a caller waits for.</summary>
    public int BatchTokens { get; init; } = 1024;

    /// <summary>Tokens of one batch of background work: how long serving may have to wait for it.</summary>
    public int BackgroundBatchTokens { get; init; } = 512;

    /// <summary>Calls that wait in each of the two queues; further callers are held back.</summary>
    public int QueueLength { get; init; } = 256;

    /// <summary>How long background work waits for serving to pause before it takes one batch all the same.</summary>
    public TimeSpan BackgroundPatience { get; init; } = TimeSpan.FromSeconds(1);

    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        Check(faults, nameof(Threads), Threads, 0, 1024);
        Check(faults, nameof(BatchTokens), BatchTokens, 16, 1 << 20);
        Check(faults, nameof(BackgroundBatchTokens), BackgroundBatchTokens, 16, 1 << 20);
        Check(faults, nameof(QueueLength), QueueLength, 1, 1 << 20);
        if (BackgroundPatience < TimeSpan.Zero)
        {
            faults.Add($"embedding.backgroundPatience is {BackgroundPatience}; it must not be negative");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            faults.Add($"embedding.{char.ToLowerInvariant(name[0])}{name[1..]} is {value}; it must lie in [{min}, {max}]");
        }
    }
}
