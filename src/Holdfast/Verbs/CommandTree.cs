using System.CommandLine;
using System.CommandLine.Parsing;
using Holdfast.Configuration;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary>All verbs. Parse faults go to standard error with exit code 2 and nothing on standard output.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Parse(Root(), arguments);
        if (Faults(parsed) is { Count: > 0 } faults)
        {
            foreach (var fault in faults)
            {
                Console.Error.WriteLine(fault);
            }

            return ExitCode.WrongUse;
        }

        // Signals are handled by the server, which drains; a second one ends the process.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Holdfast keeps a language-model service answering when the hardware, the data and the traffic turn against it.");
        foreach (var command in Commands())
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    // Response files (@file) are off: a question may start with @.
    internal static ParseResult Parse(RootCommand root, string[] arguments) =>
        root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    /// <summary>What is wrong with a command line and where to read more, one line each; none where it can run.</summary>
    internal static IReadOnlyList<string> Faults(ParseResult parsed)
    {
        var verb = parsed.CommandResult;
        var see = $"see: {Name(verb)} --help";
        if (verb.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var unknown, ..])
        {
            // The parser's own help would hide it: `holdfast inspect --help` would print the verbs and look like an answer.
            return [$"{Name(verb)} has no verb {Terminal.Shown(unknown)}{Near(parsed, unknown)}", see];
        }

        List<string> faults = [.. Mistyped(parsed).Select(token => $"{Name(verb)} has no option {Terminal.Shown(token)}; an argument that starts with a dash comes after --")];
        faults.AddRange(parsed.Errors.Select(error => Terminal.Shown(error.Message)));
        return faults.Count > 0 ? [.. faults, see] : [];
    }

    /// <summary>The parser takes a mistyped option for the argument; only what stands after <c>--</c> is surely none.</summary>
    private static IEnumerable<string> Mistyped(ParseResult parsed)
    {
        var before = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToList();
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).Where(value => value.StartsWith('-') && before.Contains(value));
    }

    /// <summary>The verb with those it stands under, as it is typed.</summary>
    private static string Name(CommandResult verb) => verb.Parent is CommandResult parent ? $"{Name(parent)} {verb.Command.Name}" : "holdfast";

    private static string Near(ParseResult parsed, string unknown)
    {
        var verbs = Verbs(parsed.RootCommandResult.Command, "holdfast").ToList();
        var same = verbs.Find(verb => verb.Command.Name == unknown).Path;
        var near = same ?? (NearestName.Find(unknown, [.. parsed.CommandResult.Command.Subcommands.Select(verb => verb.Name)]) is { } name ? $"{Name(parsed.CommandResult)} {name}" : null);
        return near is null ? "" : $"; did you mean {near}?";
    }

    private static IEnumerable<(Command Command, string Path)> Verbs(Command above, string path) =>
        above.Subcommands.SelectMany(verb => Verbs(verb, $"{path} {verb.Name}").Prepend((verb, $"{path} {verb.Name}")));

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
