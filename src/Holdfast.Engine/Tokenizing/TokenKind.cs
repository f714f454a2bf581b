namespace Holdfast.Engine.Tokenizing;

/// <summary>What a vocabulary entry is; the numbers are those of <c>tokenizer.ggml.token_type</c>.</summary>
internal enum TokenKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
