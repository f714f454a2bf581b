namespace Holdfast.Engine.Templates;

/// <summary>Bounds of a rendering. A template comes out of a downloaded file: it is not trusted to end.</summary>
internal sealed record RenderLimits
{
    /// <summary>Nodes evaluated and items looked at, plus one for every 16 characters read or built.</summary>
    public int StepsMax { get; init; } = 5_000_000;

    /// <summary>Macros and loops inside each other.</summary>
    public int DepthMax { get; init; } = 100;

    /// <summary>Characters of the prompt, and of any string on the way.</summary>
    public int CharactersMax { get; init; } = 32 * 1024 * 1024;

    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (StepsMax < 1000)
        {
            faults.Add($"template.stepsMax is {StepsMax}; it must be at least 1000");
        }

        if (DepthMax is < 8 or > 200)
        {
            faults.Add($"template.depthMax is {DepthMax}; it must lie in [8, 200]");
        }

        if (CharactersMax < 1024)
        {
            faults.Add($"template.charactersMax is {CharactersMax}; it must be at least 1024");
        }

        return faults;
    }
}
