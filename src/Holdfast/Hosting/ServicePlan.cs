using Holdfast.Configuration;
using Holdfast.Ingesting;

namespace Holdfast.Hosting;

/// <summary>What to start: the options, the address, the folders to keep.</summary>
internal sealed record ServicePlan
{
    public required HoldfastOptions Options { get; init; }

    public required DataFolder Data { get; init; }

    public required ListenAddress Listen { get; init; }

    public IReadOnlyList<KeptFolder> Folders { get; init; } = [];

    /// <summary>Serves one verb and ends: only what goes wrong is logged.</summary>
    public bool IsForVerb { get; init; }

    /// <summary>The admin key as given; null: the one kept in the data folder, made when there is none.</summary>
    public string? Key { get; init; }
}
