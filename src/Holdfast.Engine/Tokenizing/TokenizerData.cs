namespace Holdfast.Engine.Tokenizing;

/// <summary>A vocabulary as plain values, named after the keys <c>tokenizer.ggml.*</c>.</summary>
internal sealed record TokenizerData
{
    /// <summary><c>gpt2</c> (byte-level BPE), <c>llama</c> (SentencePiece) or <c>bert</c> (WordPiece).</summary>
    public required string Model { get; init; }

    /// <summary>How text is cut before merging; empty where the model does not cut.</summary>
    public string Pre { get; init; } = "";

    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Empty: all are normal.</summary>
    public IReadOnlyList<int> Types { get; init; } = [];

    public IReadOnlyList<float> Scores { get; init; } = [];

    public IReadOnlyList<string> Merges { get; init; } = [];

    public int? Bos { get; init; }

    public int? Eos { get; init; }

    public int? Eot { get; init; }

    public int? Unknown { get; init; }

    public int? Separator { get; init; }

    public int? Cls { get; init; }

    public bool? AddsBos { get; init; }

    public bool? AddsSpacePrefix { get; init; }

    /// <summary>WordPiece: large letters become small; absent, they do.</summary>
    public bool? Lowercases { get; init; }

    /// <summary>WordPiece: letters lose their accents; absent, they do where they become small.</summary>
    public bool? StripsAccents { get; init; }
}
