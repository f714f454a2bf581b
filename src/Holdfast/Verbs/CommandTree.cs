using System.CommandLine;

namespace Holdfast.Verbs;

/// <summary>All verbs. Parse faults go to standard error with exit code 2 and nothing on standard output.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Holdfast keeps a language-model service answering when the hardware, the data and the traffic turn against it.");
        foreach (var command in Commands())
        {
            root.Subcommands.Add(command);
        }

        // Response files (@file) are off: a question may start with @.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine(error.Message);
            }

            var verb = parsed.CommandResult.Command;
            Console.Error.WriteLine($"see: holdfast {(verb is RootCommand ? "" : verb.Name + " ")}--help");
            return ExitCode.WrongUse;
        }

        // Signals are handled by the server, which drains; a second one ends the process.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static IEnumerable<Command> Commands() =>
    [
        UpVerb.CreateUp(),
        UpVerb.CreateServe(),
        IngestVerb.Create(),
        QuestionVerbs.CreateSearch(),
        QuestionVerbs.CreateAsk(),
        RecordVerbs.CreateDocuments(),
        RecordVerbs.CreateTrace(),
        RecordVerbs.CreateKeys(),
        PromptsVerb.Create(),
        ModelsVerb.Create(),
        CheckVerb.Create(),
    ];
}
