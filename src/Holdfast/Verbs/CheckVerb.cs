using System.CommandLine;
using System.Text.Json;
using Holdfast.Configuration;
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
        var command = new Command("check", "Validate the configuration: all faults at once, with file, line and remedy; exit code 1 when there are any");
        var flags = new ConfigurationFlags(command);
        command.Options.Add(print);
        command.Options.Add(reference);
        command.Options.Add(json);
        command.SetAction(parsed => parsed.GetValue(reference) ? PrintReference() : Run(flags.Read(parsed), parsed.GetValue(print), parsed.GetValue(json)));
        return command;
    }

    private static int PrintReference()
    {
        Console.Out.Write(ConfigurationReference.Write());
        return ExitCode.Done;
    }

    private static int Run(LoadedConfiguration loaded, bool isPrinted, bool isJson)
    {
        foreach (var fault in loaded.Faults)
        {
            Console.WriteLine(isJson ? JsonSerializer.Serialize(fault, Json.Line) : fault.ToString());
        }

        if (isPrinted)
        {
            foreach (var setting in loaded.Settings)
            {
                Console.WriteLine(isJson
                    ? JsonSerializer.Serialize(new { setting.Key, setting.Value, origin = setting.Origin.ToString() }, Json.Line)
                    : $"{setting.Key,-44} {setting.Value,-28} {setting.Origin}");
            }
        }
        else if (loaded.Faults.Count == 0 && !isJson)
        {
            Console.WriteLine($"{loaded.File ?? "no holdfast.yaml here: the defaults"}: no faults in {loaded.Settings.Count} settings");
        }

        return loaded.Faults.Count == 0 ? ExitCode.Done : ExitCode.No;
    }
}
