namespace Holdfast.Abstractions.Answering;

/// <summary>Which calls a model takes.</summary>
[Flags]
public enum ModelAbilities
{
    None = 0,
    Chat = 1,
    Completions = 2,
    Embeddings = 4,
}
