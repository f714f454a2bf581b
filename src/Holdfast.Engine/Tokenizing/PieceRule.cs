namespace Holdfast.Engine.Tokenizing;

/// <summary>How a byte-level vocabulary cuts text before merging. The names are values of <c>tokenizer.ggml.pre</c>.</summary>
internal sealed record PieceRule
{
    private static readonly PieceRule[] Known =
    [
        new() { Name = "gpt-2", IsGpt2Style = true, DigitsMax = int.MaxValue },
        new() { Name = "smollm", IsGpt2Style = true, DigitsMax = 1 },
        new() { Name = "qwen2", DigitsMax = 1 },
        new() { Name = "llama-bpe", DigitsMax = 3, TakesWholePieces = true, AddsBos = true },
    ];

    public required string Name { get; init; }

    /// <summary>The older pattern: a space goes before words, digits and signs alike, contractions are lower case.</summary>
    public bool IsGpt2Style { get; init; }

    /// <summary>Digits in one piece at most.</summary>
    public required int DigitsMax { get; init; }

    /// <summary>A piece that is a token is taken whole, merges or not.</summary>
    public bool TakesWholePieces { get; init; }

    /// <summary>Whether a prompt begins with the begin token when the file does not say.</summary>
    public bool AddsBos { get; init; }

    public static PieceRule Named(string name)
    {
        var rule = Array.Find(Known, r => r.Name == name);
        return rule ?? throw new TokenizerDataException(
            $"tokenizer.ggml.pre is '{name}'; known are {string.Join(", ", Known.Select(r => r.Name))}");
    }
}
