namespace Holdfast.Abstractions.Answering;

/// <summary>Who counted the tokens of a record.</summary>
public enum UsageSource
{
    /// <summary>The upstream or engine said so.</summary>
    Provider,

    /// <summary>We counted with the vocabulary that applies.</summary>
    Counted,

    /// <summary>We counted with another vocabulary.</summary>
    Estimated,
}
