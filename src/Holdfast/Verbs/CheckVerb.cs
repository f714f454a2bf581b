using System.CommandLine;
using System.Text.Json;
using Holdfast.Configuration;
using Holdfast.ModelFiles;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast check</c>: is the configuration right, and what is in force.</summary>
internal static class CheckVerb
{
    public static Command Create()
    {
        var print = new Option<bool>("--print") { Description = "Print every setting in force with where it comes from" };
        var reference = new Option<bool>("--reference") { Description = "Print the configuration reference as Markdown" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        var command = new Command("check", "Validate the configuration and the models it names: all faults at once, with file, line and remedy; exit code 1 when there are any");
        var folders = new ModelFlag(command);
        var flags = new ConfigurationFlags(command);
        command.Options.Add(print);
        command.Options.Add(reference);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(reference))
            {
                return PrintReference();
            }

            return folders.Folders(parsed) is { } searched ? Run(WithModels(flags.Read(parsed), searched), parsed.GetValue(print), parsed.GetValue(json)) : ExitCode.WrongUse;
        });
        return command;
    }

    /// <summary>With what is wrong with the models, tied back to the line that set them.</summary>
    internal static LoadedConfiguration WithModels(LoadedConfiguration loaded, ModelFolders folders) => loaded with
    {
        Faults =
        [
            .. loaded.Faults,
            .. ModelCheck.Faults(loaded.Options, folders).Select(fault =>
            {
                var origin = loaded.Settings.FirstOrDefault(setting => setting.Key == fault.Key)?.Origin ?? SettingOrigin.Default;
                return new ConfigurationFault(origin.Source, origin.Line, fault.Key, fault.Fault, fault.Remedy);
            }),
        ],
    };

    private static int PrintReference()
    {
        Console.Out.Write(ConfigurationReference.Write());
        return ExitCode.Done;
    }

    private static int Run(LoadedConfiguration loaded, bool isPrinted, bool isJson)
    {
        foreach (var fault in loaded.Faults)
        {
            Console.WriteLine(isJson ? JsonSerializer.Serialize(fault, Json.Line) : Terminal.Shown(fault.ToString()));
        }

        if (isPrinted)
        {
            foreach (var setting in loaded.Settings)
            {
                Console.WriteLine(isJson
                    ? JsonSerializer.Serialize(new { setting.Key, setting.Value, origin = setting.Origin.ToString() }, Json.Line)
                    : Terminal.Shown($"{setting.Key,-44} {setting.Value,-28} {setting.Origin}"));
            }
        }
        else if (loaded.Faults.Count == 0 && !isJson)
        {
            Console.WriteLine($"{loaded.File ?? "no holdfast.yaml here: the defaults"}: no faults in {loaded.Settings.Count} settings");
        }

        return loaded.Faults.Count == 0 ? ExitCode.Done : ExitCode.No;
    }
}
