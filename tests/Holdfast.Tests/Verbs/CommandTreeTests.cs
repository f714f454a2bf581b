using System.CommandLine;
using Holdfast.Verbs;

namespace Holdfast.Tests.Verbs;

public sealed class CommandTreeTests
{
    [Fact]
    public void The_hint_of_every_verb_names_a_command_that_exists()
    {
        var root = CommandTree.Root();
        foreach (var path in Paths(root, []))
        {
            var faults = CommandTree.Faults(CommandTree.Parse(root, [.. path, "--no-such-option"]));
            Assert.Equal(string.Join(' ', ["see: holdfast", .. path, "--help"]), faults[^1]);
            Assert.True(faults.Count > 1);
            Assert.Empty(CommandTree.Faults(CommandTree.Parse(root, [.. path, "--help"])));
        }
    }

    [Theory]
    [InlineData("holdfast has no verb inspect; did you mean holdfast models inspect?", "see: holdfast --help", "inspect", "--help")]
    [InlineData("holdfast has no verb inspect; did you mean holdfast models inspect?", "see: holdfast --help", "inspect", "x.gguf")]
    [InlineData("holdfast has no verb serv; did you mean holdfast serve?", "see: holdfast --help", "serv")]
    [InlineData("holdfast models has no verb pul; did you mean holdfast models pull?", "see: holdfast models --help", "models", "pul", "--help")]
    [InlineData("holdfast has no verb \\u001b[2J", "see: holdfast --help", "\u001b[2J")]
    public void An_unknown_verb_is_wrong_use_even_where_help_is_asked_for(string fault, string see, params string[] arguments) =>
        Assert.Equal([fault, see], CommandTree.Faults(CommandTree.Parse(CommandTree.Root(), arguments)));

    [Theory]
    [InlineData("--threads is abc; it must be a whole number in 1..1024", "models", "bench", "x.gguf", "--threads", "abc")]
    [InlineData("--threads is 99999999999; it must be a whole number in 1..1024", "models", "bench", "x.gguf", "--threads", "99999999999")]
    [InlineData("--threads is 0; it must be a whole number in 1..1024", "models", "bench", "x.gguf", "--threads", "0")]
    [InlineData("--top-k is abc; it must be a whole number in 1..100", "search", "x", "--top-k", "abc")]
    [InlineData("--top-k is -1; it must be a whole number in 1..100", "search", "x", "--top-k=-1")]
    [InlineData("--top-k is 101; it must be a whole number in 1..100", "search", "x", "--top-k", "101")]
    [InlineData("--model is empty; leave it out for the configuration's model, or start without one: --set model=", "serve", "--model", "")]
    [InlineData("--model is empty; leave it out for the configuration's model, or start without one: --set model=", "up", "--model= ")]
    [InlineData("keys revoke: key is empty; it takes: Id or name of the key", "keys", "revoke", "")]
    [InlineData("there is no key ..; it takes: Id or name of the key", "keys", "revoke", "..")]
    [InlineData("trace: id is empty; it takes: Id of the request, as in x-holdfast-request-id; or: list", "trace", "")]
    [InlineData("there is no id .; it takes: Id of the request, as in x-holdfast-request-id; or: list", "trace", ".")]
    [InlineData("up: folder is empty; it takes: Folder of documents to answer from; without one it starts empty", "up", " ")]
    [InlineData("search takes a query or --batch, not both", "search", "x", "--batch")]
    [InlineData("holdfast search has no option -x; an argument that starts with a dash comes after --", "search", "-x")]
    [InlineData("holdfast models pull has no option -\\u001b; an argument that starts with a dash comes after --", "models", "pull", "-\u001b", "--", "y")]
    public void What_a_verb_cannot_do_anything_with_is_refused_by_its_name(string fault, params string[] arguments) =>
        Assert.Equal(fault, CommandTree.Faults(CommandTree.Parse(CommandTree.Root(), arguments))[0]);

    [Theory]
    [InlineData("models", "inspect", "--", "-dash")]
    [InlineData("search", "--", "-40 degrees")]
    public void An_argument_after_two_dashes_may_start_with_one(params string[] arguments)
    {
        var parsed = CommandTree.Parse(CommandTree.Root(), arguments);

        Assert.Empty(CommandTree.Faults(parsed));
        Assert.Equal(arguments[^1], parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.ArgumentResult>().Single().GetValueOrDefault<string>());
    }

    [Fact]
    public void No_option_of_any_verb_breaks_on_a_value_or_answers_with_the_name_of_a_type()
    {
        var root = CommandTree.Root();
        foreach (var path in Paths(root, []))
        {
            foreach (var option in Verb(root, path).Options.Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)))
            {
                foreach (var value in new[] { "", " ", "abc", "-1", "99999999999", "{", "\u001b[2J" })
                {
                    var faults = string.Join('\n', CommandTree.Faults(CommandTree.Parse(root, [.. path, $"{option.Name}={value}"])));
                    Assert.DoesNotContain("System.", faults, StringComparison.Ordinal);
                    Assert.DoesNotContain('\u001b', faults);
                }
            }
        }
    }

    private static Command Verb(Command root, string[] path) => path.Aggregate(root, (above, name) => above.Subcommands.Single(verb => verb.Name == name));

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(verb => Paths(verb, [.. path, verb.Name])).Prepend(path);
}
