namespace Holdfast.Configuration;

/// <summary>Where a setting was written: a file with its line, an environment variable or a flag.</summary>
internal sealed record SettingOrigin(string Source, int? Line = null)
{
    public static readonly SettingOrigin Default = new("default");

    public override string ToString() => Line is { } line ? $"{Source}:{line}" : Source;
}
