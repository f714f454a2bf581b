using System.CommandLine;
using System.Text.Json;
using Holdfast.Gateway.Prompts;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast prompts</c>: list, show and render the prompts, with the versions that stand in traces.</summary>
internal static class PromptsVerb
{
    public static Command Create()
    {
        var command = new Command("prompts", "List, show and render prompts");
        command.Subcommands.Add(CreateList());
        command.Subcommands.Add(CreateShow());
        command.Subcommands.Add(CreateRender());
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "All prompts with version, variables and source");
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        command.Options.Add(json);
        var flags = new ConfigurationFlags(command);
        command.SetAction(parsed => WithLibrary(parsed, flags, library =>
        {
            foreach (var prompt in library.List())
            {
                Console.WriteLine(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(new { prompt.Name, prompt.Version, prompt.Role, prompt.Variables, prompt.Description, prompt.Source }, Json.Line)
                    : $"{prompt.Name,-24} {prompt.Version[..12]}  {string.Join(", ", prompt.Variables),-28} {prompt.Source}  {prompt.Description}");
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static Command CreateShow()
    {
        var name = new Argument<string>("name") { Description = "Name of the prompt" };
        var command = new Command("show", "The text of a prompt, with its variables in place") { name.NotEmpty("prompts show") };
        var flags = new ConfigurationFlags(command);
        command.SetAction(parsed => WithLibrary(parsed, flags, library =>
        {
            if (library.Find(parsed.GetValue(name)!) is { } prompt)
            {
                Console.Out.Write(prompt.Body);
                return ExitCode.Done;
            }

            Console.Error.WriteLine($"there is no prompt {parsed.GetValue(name)}; known: {string.Join(", ", library.List().Select(known => known.Name))}");
            return ExitCode.No;
        }));
        return command;
    }

    private static Command CreateRender()
    {
        var name = new Argument<string>("name") { Description = "Name of the prompt" };
        var values = new Option<string[]>("--value") { Description = "A variable: NAME=TEXT; may be repeated", HelpName = "NAME=TEXT" };
        var command = new Command("render", "A prompt with its variables filled in; a missing one is an error") { name.NotEmpty("prompts render"), values };
        values.Validators.Add(result =>
        {
            foreach (var value in result.Tokens.Select(token => token.Value).Where(value => value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--value {value}: write it as NAME=TEXT");
            }
        });
        var flags = new ConfigurationFlags(command);
        command.SetAction(parsed => WithLibrary(parsed, flags, library =>
        {
            Dictionary<string, string> filled = new(StringComparer.Ordinal);
            foreach (var value in (parsed.GetValue(values) ?? []).Select(value => value.Split('=', 2)))
            {
                filled[value[0]] = value[1];
            }

            var (prompt, fault) = library.Render(parsed.GetValue(name)!, filled);
            if (fault is not null)
            {
                Console.Error.WriteLine(fault.Message);
                return ExitCode.No;
            }

            Console.Out.Write(prompt!.Text);
            return ExitCode.Done;
        }));
        return command;
    }

    private static int WithLibrary(ParseResult parsed, ConfigurationFlags flags, Func<PromptLibrary, int> work)
    {
        if (flags.Load(parsed) is not { } options)
        {
            return ExitCode.WrongUse;
        }

        var library = new PromptLibrary(options.Gateway.PromptsFolder);
        foreach (var fault in library.Faults)
        {
            Console.Error.WriteLine($"{fault.Prompt}{(fault.Line > 0 ? ":" + fault.Line : "")}: {fault.Message}");
        }

        return library.Faults.Count > 0 ? ExitCode.Fault : work(library);
    }
}
