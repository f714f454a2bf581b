using Holdfast.ModelFiles;
using Holdfast.Verbs;

namespace Holdfast.Tests.Verbs;

public sealed class PullVerbTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("holdfast-pull-verb-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("given", "m.Q4_0.gguf", "holdfast up --model m --models ROOT/given")]
    [InlineData("own folder", "m.gguf", "holdfast up --model m --models 'ROOT/own folder'")]
    [InlineData("it's", "a model.gguf", "holdfast up --model 'a model' --models 'ROOT/it'\\''s'")]
    public void The_command_after_a_pull_names_the_folder_that_only_the_pull_named(string folder, string file, string command)
    {
        var path = Put(folder, file);
        var folders = Of([Path.GetDirectoryName(path)!], null);

        Assert.Equal(command.Replace("ROOT", _root.FullName, StringComparison.Ordinal), PullVerb.Start(path, isEncoder: false, folders));
        Assert.Equal(path, Of([Path.GetDirectoryName(path)!], null).Find(Path.GetFileNameWithoutExtension(file)).Path);
    }

    [Fact]
    public void A_folder_that_every_start_searches_is_not_named()
    {
        Assert.Equal("holdfast up --model m", PullVerb.Start(Put("cache", "m.gguf"), isEncoder: false, Of([], null)));
        Assert.Equal("holdfast up --model n", PullVerb.Start(Put("variable", "n.gguf"), isEncoder: false, Of([], Path.Combine(_root.FullName, "variable"))));
    }

    [Fact]
    public void An_encoder_is_run_as_one() =>
        Assert.Equal("holdfast up --set embedding.model=e", PullVerb.Start(Put("cache", "e.gguf"), isEncoder: true, Of([], null)));

    private ModelFolders Of(string[] given, string? variable) => ModelFolders.Of(given, variable, _root.FullName, Path.Combine(_root.FullName, "cache"));

    private string Put(string folder, string name)
    {
        var path = Path.Combine(_root.CreateSubdirectory(folder).FullName, name);
        File.WriteAllBytes(path, []);
        return path;
    }
}
