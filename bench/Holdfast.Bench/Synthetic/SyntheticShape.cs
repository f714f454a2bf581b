namespace Holdfast.Bench.Synthetic;

/// <summary>The sizes of a published model whose weights are drawn at random here: speed does not depend on the values.</summary>
internal sealed record SyntheticShape(string Name, string Architecture, int Layers, int Width, int Heads, int KvHeads, int HiddenWidth, int Vocabulary, float RopeBase, float Epsilon)
{
    /// <summary>All four share one matrix between the embedding and the head, and all have heads of 64.</summary>
    public const int HeadSize = 64;

    public static IReadOnlyList<SyntheticShape> All { get; } =
    [
        new("135m", "llama", 30, 576, 9, 3, 1536, 49152, 100_000, 1e-5f),
        new("360m", "llama", 32, 960, 15, 5, 2560, 49152, 100_000, 1e-5f),
        new("qwen-0.5b", "qwen2", 24, 896, 14, 2, 4864, 151936, 1_000_000, 1e-6f),
        new("llama-1b", "llama", 16, 2048, 32, 8, 8192, 128256, 500_000, 1e-5f) { HasRopeFactors = true },
    ];

    /// <summary>Llama 3.2: the slow rotations are slower still.</summary>
    public bool HasRopeFactors { get; init; }

    public bool HasBiases => Architecture == "qwen2";
}
