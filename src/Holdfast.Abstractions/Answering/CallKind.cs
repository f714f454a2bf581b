namespace Holdfast.Abstractions.Answering;

/// <summary>The OpenAI route of a call.</summary>
public enum CallKind
{
    Chat,
    Completion,
    Embedding,
}
