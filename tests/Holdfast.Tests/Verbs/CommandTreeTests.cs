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

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(verb => Paths(verb, [.. path, verb.Name])).Prepend(path);
}
