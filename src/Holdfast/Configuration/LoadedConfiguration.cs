namespace Holdfast.Configuration;

/// <summary>The options with all that is wrong with them and where each value came from.</summary>
/// <param name="Options">Usable only when there are no faults.</param>
/// <param name="Faults">All of them at once.</param>
/// <param name="Settings">Every setting in force, in the order of the records.</param>
/// <param name="File">The file that was read, or null.</param>
internal sealed record LoadedConfiguration(
    HoldfastOptions Options,
    IReadOnlyList<ConfigurationFault> Faults,
    IReadOnlyList<EffectiveSetting> Settings,
    string? File);
