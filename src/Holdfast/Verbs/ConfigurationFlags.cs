using System.CommandLine;
using Holdfast.Configuration;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary>The options that every verb has which reads the configuration: <c>--config</c>, <c>--set</c>, <c>--data</c>.</summary>
internal sealed class ConfigurationFlags
{
    private readonly Option<string?> _config = new("--config") { Description = "Configuration file; holdfast.yaml in the current folder when there is one", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "One setting, such as --set documents.pagesMax=100; may be repeated", HelpName = "KEY=VALUE" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder where everything is kept; else HOLDFAST_DATA, else .holdfast", HelpName = "DIR" };

    public ConfigurationFlags(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_config);
        command.Options.Add(_set);
        _set.Validators.Add(result =>
        {
            foreach (var setting in result.Tokens.Select(token => token.Value).Where(setting => setting.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set {setting}: write it as KEY=VALUE");
            }
        });
    }

    /// <summary>Reads file, environment and flags; faults are printed and null comes back.</summary>
    public HoldfastOptions? Load(ParseResult parsed, params FlagSetting?[] flags)
    {
        var loaded = Read(parsed, flags);
        foreach (var fault in loaded.Faults)
        {
            Console.Error.WriteLine(Terminal.Shown(fault.ToString()));
        }

        return loaded.Faults.Count == 0 ? loaded.Options : null;
    }

    public LoadedConfiguration Read(ParseResult parsed, params FlagSetting?[] flags)
    {
        List<FlagSetting> all = [];
        if (Environment.GetEnvironmentVariable("HOLDFAST_DATA") is { Length: > 0 } data)
        {
            all.Add(new FlagSetting("data", data, "HOLDFAST_DATA"));
        }

        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            var parts = setting.Split('=', 2);
            all.Add(new FlagSetting(parts[0], parts[1], "--set " + parts[0]));
        }

        if (parsed.GetValue(_data) is { } folder)
        {
            all.Add(new FlagSetting("data", folder, "--data"));
        }

        all.AddRange(flags.OfType<FlagSetting>());
        return ConfigurationLoader.Load(parsed.GetValue(_config), Environment.GetEnvironmentVariables(), all);
    }
}
