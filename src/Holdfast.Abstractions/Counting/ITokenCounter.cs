using Holdfast.Abstractions.Answering;

namespace Holdfast.Abstractions.Counting;

/// <summary>Counts tokens for a model.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of a plain text.</summary>
    TokenCount Count(string model, string text);

    /// <summary>Tokens of a chat with the model's template, or its estimate.</summary>
    TokenCount CountPrompt(string model, CallKind kind, ChatRequest request);
}
