using Holdfast.Configuration;
using Holdfast.Engine.Embedding;
using Holdfast.ModelFiles;

namespace Holdfast.Tests.ModelFiles;

public sealed class ModelFoldersTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("holdfast-models-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void The_folders_are_searched_in_the_order_of_the_page()
    {
        var folders = Of(["a", "b"], $"c{Path.PathSeparator}{Path.PathSeparator}b{Path.PathSeparator}d");

        Assert.Equal(["a", "b", "c", "d", "models", "cache"], folders.Folders.Select(folder => Path.GetRelativePath(_root.FullName, folder.Path)));
        Assert.Equal(["--models", "--models", "HOLDFAST_MODELS", "HOLDFAST_MODELS", "./models", "the user's cache"], folders.Folders.Select(folder => folder.Origin));
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData(null, "b:c", "b")]
    [InlineData(null, null, "cache")]
    public void A_pull_goes_into_the_first_folder_that_somebody_named_else_into_the_cache(string? given, string? variable, string expected) =>
        Assert.Equal(Full(expected), Of(given is null ? [] : [given], variable?.Replace(':', Path.PathSeparator)).ForPulling.Path);

    [Theory]
    [InlineData("SmolLM2-135M")]
    [InlineData("smollm2-135m")]
    [InlineData("SmolLM2-135M.Q4_1")]
    [InlineData("SmolLM2-135M.Q4_1.gguf")]
    [InlineData("smollm2-135m.q4_1.GGUF")]
    public void A_file_goes_by_its_name_with_and_without_its_quantisation(string text)
    {
        var file = Put("cache", "SmolLM2-135M.Q4_1.gguf");
        Assert.Equal(file, Of().Find(text).Path);
    }

    [Fact]
    public void The_names_in_the_configuration_become_files_and_one_that_stands_for_none_is_told()
    {
        var (model, encoder) = (Put("cache", "Small.gguf"), Put("a", "Encoder.gguf"));
        var options = new HoldfastOptions { Model = "small", Embedding = new EmbeddingOptions { Model = "encoder" } };
        var (resolved, fault) = ModelNames.Resolve(options, Of(["a"]));
        Assert.Equal((model, encoder, null), (resolved!.Model, resolved.Embedding.Model, fault));

        (resolved, fault) = ModelNames.Resolve(options with { Model = "" }, Of());
        Assert.Null(resolved);
        Assert.StartsWith("there is no model encoder in ", fault, StringComparison.Ordinal);
        Assert.Equal("", ModelNames.Resolve(new HoldfastOptions(), Of()).Options!.Model);
    }

    [Fact]
    public void The_first_folder_wins_and_the_hidden_file_is_reached_by_its_path()
    {
        var hidden = Put("cache", "x-Q8_0.gguf");
        var winner = Put("models", "x-Q4_0.gguf");
        var folders = Of();

        Assert.Equal(winner, folders.Find("x").Path);
        Assert.Equal(hidden, folders.Find("x-Q8_0").Path);
        Assert.Equal(hidden, folders.Find(hidden).Path);
        Assert.Equal(["x", "x-Q8_0"], folders.Places().Select(folders.Reference));
    }

    [Fact]
    public void A_file_that_is_hidden_by_name_and_by_file_name_has_its_path_as_reference()
    {
        var hidden = Put("cache", "x-Q8_0.gguf");
        Put("models", "x-Q8_0.gguf");
        var folders = Of();

        Assert.Equal(["x", hidden], folders.Places().Select(folders.Reference));
    }

    [Fact]
    public void A_name_that_two_files_of_a_folder_have_is_refused_with_both()
    {
        Put("models", "x-Q4_0.gguf");
        Put("models", "x-Q8_0.gguf");
        Put("cache", "x-F16.gguf");

        Assert.Equal($"x may be x-Q4_0 or x-Q8_0 in {Full("models")}; name one of them", Of().Find("x").Fault);
    }

    [Fact]
    public void Names_that_differ_in_case_alone_are_told_apart_by_case()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "file names here do not differ in case");
        var lower = Put("models", "x.gguf");
        Put("models", "X.gguf");

        Assert.Equal(lower, Of().Find("x").Path);
        Assert.NotNull(Of().Find("X").Path);
    }

    [Fact]
    public void An_unknown_name_lists_what_is_here_and_how_to_get_it()
    {
        Put("models", "mistral-7b.Q4_K_M.gguf");

        var fault = Of().Find("mistrl-7b").Fault;

        Assert.Contains("here are mistral-7b; did you mean mistral-7b?", fault, StringComparison.Ordinal);
        Assert.Contains("holdfast models pull", fault, StringComparison.Ordinal);
        Assert.Contains(Full("cache"), fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_model_it_says_so() =>
        Assert.Contains("there is none", Of().Find("x").Fault, StringComparison.Ordinal);

    [Theory]
    [InlineData("./x.gguf", false)]
    [InlineData("/nowhere/at/all.gguf", false)]
    [InlineData("Qwen/Qwen3-0.6B-GGUF", true)]
    public void A_path_stays_a_path(string text, bool mayBeRepository)
    {
        Put("models", "x.gguf");

        var fault = Of().Find(text).Fault!;

        Assert.StartsWith($"there is no model file {text}", fault, StringComparison.Ordinal);
        Assert.Equal(mayBeRepository, fault.Contains("models pull", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_model_files_are_places()
    {
        Put("models", "x.gguf");
        Put("models", "x.gguf.partial");
        Put("models", "x.gguf.partial.json");
        Put("models", "README.md");
        Directory.CreateDirectory(Full("models/folder.gguf"));

        Assert.Equal(["x"], Of().Places().Select(place => place.Name));
    }

    [Fact]
    public void A_hostile_file_name_reaches_no_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no such name there");
        Put("models", "x\u001b[2J.gguf");

        Assert.DoesNotContain('\u001b', Of().Find("nothing").Fault!);
    }

    private ModelFolders Of(string[]? given = null, string? variable = null) => ModelFolders.Of(given ?? [], variable, _root.FullName, Full("cache"));

    private string Full(string relative) => Path.Combine(_root.FullName, relative);

    private string Put(string folder, string name)
    {
        Directory.CreateDirectory(Full(folder));
        var path = Path.Combine(Full(folder), name);
        File.WriteAllBytes(path, []);
        return path;
    }
}
