using System.Collections;
using System.Text;

namespace Holdfast.Configuration;

/// <summary>
/// Reads the configuration: <c>holdfast.yaml</c>, then the environment (<c>HOLDFAST__SECTION__KEY</c>), then flags. Later wins; every
/// fault is collected, none stops the reading of the rest.
/// </summary>
internal static class ConfigurationLoader
{
    public const string DefaultFile = "holdfast.yaml";

    // Two underscores, so that a plain HOLDFAST_KEY is never taken for a setting.
    private const string EnvironmentPrefix = "HOLDFAST__";

    // The file is written by hand; a megabyte is a mistake in the path.
    private const long FileBytesMax = 1 << 20;

    /// <param name="file">Named by the user, or null to look for <see cref="DefaultFile"/> in the current folder.</param>
    /// <param name="environment">Environment variables, name to value.</param>
    /// <param name="flags">Key path, value and the flag's own spelling.</param>
    public static LoadedConfiguration Load(string? file, IDictionary environment, IEnumerable<FlagSetting> flags)
    {
        List<ConfigurationFault> faults = [];
        List<EffectiveSetting> settings = [];
        var path = file ?? (File.Exists(DefaultFile) ? DefaultFile : null);
        var root = path is null ? new SettingNode(SettingOrigin.Default) { Members = [] } : ReadFile(path, faults);

        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                root.Overlay(name[EnvironmentPrefix.Length..].Split("__"), (string?)variable.Value ?? "", new SettingOrigin(name));
            }
        }

        foreach (var flag in flags)
        {
            root.Overlay(flag.Key.Split('.'), flag.Value, new SettingOrigin(flag.Flag));
        }

        var options = new OptionBinder(faults, settings).Bind<HoldfastOptions>(root);

        // Values that could not be bound hold their defaults, so the rooms can judge the rest; a missing one has none to judge.
        if (!faults.Exists(fault => fault.Fault.EndsWith(" is missing", StringComparison.Ordinal)))
        {
            faults.AddRange(RoomFaults(options, settings));
        }

        return new LoadedConfiguration(options, faults, settings, path);
    }

    private static SettingNode ReadFile(string path, List<ConfigurationFault> faults)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > FileBytesMax)
            {
                faults.Add(new ConfigurationFault(path, null, "", $"has {info.Length} bytes", $"a configuration has at most {FileBytesMax}: check the path"));
                return new SettingNode(SettingOrigin.Default);
            }

            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return YamlSettings.Read(path, text.TrimStart('\uFEFF'), faults);
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new ConfigurationFault(path, null, "", "is not UTF-8", "save it as UTF-8"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(path, null, "", $"cannot be read: {fault.Message}", "check the path and its permissions"));
        }

        return new SettingNode(SettingOrigin.Default);
    }

    /// <summary>What the rooms say of their own numbers, tied back to the line that set them.</summary>
    private static IEnumerable<ConfigurationFault> RoomFaults(HoldfastOptions options, List<EffectiveSetting> settings)
    {
        foreach (var text in options.Faults())
        {
            var key = text.Split(' ', 2)[0];
            var origin = settings.Find(setting => setting.Key == key)?.Origin ?? SettingOrigin.Default;
            var (fault, remedy) = text.Split("; ", 2) is [var first, var second] ? (first, second) : (text, "");
            yield return new ConfigurationFault(origin.Source, origin.Line, key, fault, remedy);
        }
    }
}
