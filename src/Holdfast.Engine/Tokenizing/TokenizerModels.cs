namespace Holdfast.Engine.Tokenizing;

/// <summary>The values of <c>tokenizer.ggml.model</c> that are read.</summary>
internal static class TokenizerModels
{
    public const string Bpe = "gpt2";
    public const string SentencePiece = "llama";
    public const string WordPiece = "bert";

    public static readonly string[] All = [Bpe, SentencePiece, WordPiece];
}
