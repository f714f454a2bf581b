namespace Holdfast.Configuration;

/// <summary>One setting as it is in force, with where it came from.</summary>
internal sealed record EffectiveSetting(string Key, string Value, SettingOrigin Origin);
