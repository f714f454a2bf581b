namespace Holdfast.Engine.Constraints;

/// <summary>Where a constrained text stands: immutable, a few dozen bytes for each way to read it.</summary>
internal sealed class ConstraintState(ReadOnlySpan<Config> configs, bool isEnded = false)
{
    private readonly Config[] _configs = configs.ToArray();

    public ReadOnlySpan<Config> Configs => _configs;

    /// <summary>An end token was taken: nothing may follow.</summary>
    public bool IsEnded { get; } = isEnded;
}
