namespace Holdfast.Configuration;

/// <summary>A setting given on the command line: its key path, its value, and the flag as the user typed it.</summary>
internal sealed record FlagSetting(string Key, string Value, string Flag);
