namespace Holdfast.Abstractions.Answering;

/// <summary>A model that a backend serves.</summary>
/// <param name="Id">The name a client asks for.</param>
/// <param name="Abilities">Which calls it takes.</param>
/// <param name="ContextTokens">Prompt plus completion, in tokens; null when unknown and therefore not enforced.</param>
/// <param name="OwnedBy">For <c>/v1/models</c>.</param>
public sealed record ServedModel(string Id, ModelAbilities Abilities, int? ContextTokens, string OwnedBy)
{
    /// <summary>Too small for long instructions and many passages: it gets the short prompt and fewer of them.</summary>
    public bool IsSmall { get; init; }

    /// <summary>Why it takes no chats though it writes text, in words that follow its name; null: it does, or it is no such model.</summary>
    public string? ChatFault { get; init; }

    /// <summary>The setting that <see cref="ContextTokens"/> comes from; null: the model itself holds no more.</summary>
    public string? ContextSetting { get; init; }
}
