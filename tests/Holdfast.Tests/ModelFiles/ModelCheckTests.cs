using System.Collections;
using Holdfast.Configuration;
using Holdfast.Engine.Embedding;
using Holdfast.ModelFiles;
using Holdfast.Tests.Engine.Models;
using Holdfast.Verbs;

namespace Holdfast.Tests.ModelFiles;

public sealed class ModelCheckTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("holdfast-check-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Models_that_a_start_takes_are_no_fault()
    {
        Put("tiny.gguf", TinyChatModel.Make());
        File.Copy(EmbeddingEngine.ShippedModelPath, Full("encoder.gguf"));

        Assert.Empty(Faults("model: tiny\nembedding:\n  model: encoder\n"));
        Assert.Empty(Faults(""));
    }

    [Fact]
    public void Names_that_stand_for_no_file_are_told_together_with_their_lines()
    {
        var faults = Faults("listen: nowhere\nmodel: smollm2\nembedding:\n  model: minilm\n");

        Assert.Equal(3, faults.Count);
        Assert.StartsWith("holdfast.yaml:1: listen is nowhere", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("holdfast.yaml:2: model stands for no file: there is no model smollm2 in ", faults[1], StringComparison.Ordinal);
        Assert.StartsWith("holdfast.yaml:4: embedding.model stands for no file: there is no model minilm in ", faults[2], StringComparison.Ordinal);
        Assert.All(faults.Skip(1), fault => Assert.Contains("; get one: holdfast models pull", fault, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain('\n', fault));
    }

    [Fact]
    public void Files_that_cannot_do_what_they_are_named_for_are_told_without_a_start()
    {
        Put("tiny.gguf", TinyChatModel.Make());
        Put("broken.gguf", [.. File.ReadAllBytes(EmbeddingEngine.ShippedModelPath)[..5000]]);
        File.Copy(EmbeddingEngine.ShippedModelPath, Full("encoder.gguf"));

        Assert.Equal($"holdfast.yaml:1: model cannot be used: {Full("encoder.gguf")}: an encoder: it embeds and does not answer", Assert.Single(Faults("model: encoder\nembedding: {name: other}\n")));
        Assert.StartsWith($"holdfast.yaml:1: embedding.model cannot be used: {Full("tiny.gguf")}", Assert.Single(Faults("embedding: {model: tiny}\n")), StringComparison.Ordinal);
        Assert.StartsWith($"holdfast.yaml:1: embedding.model cannot be used: {Full("broken.gguf")}", Assert.Single(Faults("embedding: {model: broken}\n")), StringComparison.Ordinal);
        Assert.Equal(2, Faults("model: broken\nembedding: {model: tiny}\n").Count);
    }

    [Fact]
    public void A_classifier_is_no_encoder_for_embeddings()
    {
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath);
        copy.Values["bert.pooling_type"] = 4u;
        using var file = copy.With("cls.output.weight", Holdfast.Engine.Gguf.TensorType.F32, [384, 2], new byte[384 * 2 * 4]).ToFile();

        Assert.EndsWith("this is a classifier; an embedding model is needed", Assert.Single(Faults($"embedding: {{model: {file.Path}}}\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extractive.Q4_0.gguf", "", "", "holdfast.yaml:1: model goes by its file's name extractive, which belongs to the answers made of passages; set engine.name to another")]
    [InlineData("tiny.gguf", "extractive", "", "holdfast.yaml:2: engine.name is extractive, which belongs to the answers made of passages; set engine.name to another")]
    [InlineData("tiny.gguf", "a@b", "", "holdfast.yaml:2: engine.name is a@b, which has an @, and that stands between a model and a collection; set engine.name to another")]
    [InlineData("tiny.gguf", "\\e[31m", "", "holdfast.yaml:2: engine.name is \\u001b[31m, which has characters that nobody can see; set engine.name to another")]
    [InlineData("tiny.gguf", "\\u200b", "", "holdfast.yaml:2: engine.name is \\u200b, which has characters that nobody can see; set engine.name to another")]
    [InlineData(" .gguf", "", "", "holdfast.yaml:1: model goes by its file's name  , which nobody can see; set engine.name to another")]
    [InlineData("tiny.gguf", "same", "same", "holdfast.yaml:3: embedding.name is same, which belongs to the language model; set embedding.name to another")]
    [InlineData("tiny.gguf", "all-MiniLM-L6-v2", "", "default: embedding.model goes by its file's name all-MiniLM-L6-v2, which belongs to the language model; set embedding.name to another")]
    [InlineData("tiny.gguf", "", "extractive", "holdfast.yaml:3: embedding.name is extractive, which belongs to the answers made of passages; set embedding.name to another")]
    public void A_name_that_no_client_could_ask_for_is_refused_with_the_setting_that_mends_it(string file, string name, string encoderName, string fault)
    {
        Put(file, TinyChatModel.Make());
        var yaml = $"model: \"{Full(file)}\"\nengine: {{name: \"{name}\"}}\nembedding: {{name: \"{encoderName}\"}}\n";

        Assert.Equal(fault, Assert.Single(Faults(yaml)));
        Assert.Contains(ModelNames.Resolve(Load(yaml).Options, Folders).Fault!, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_only_begins_like_extraction_is_a_name()
    {
        Put("extractive-7b.gguf", TinyChatModel.Make());

        Assert.Empty(Faults("model: extractive-7b\n"));
    }

    private ModelFolders Folders => ModelFolders.Of([], null, _root.FullName, _root.FullName);

    private List<string> Faults(string yaml) => [.. CheckVerb.WithModels(Load(yaml), Folders).Faults.Select(fault => Holdfast.Printing.Terminal.Shown(fault.ToString()))];

    private LoadedConfiguration Load(string yaml)
    {
        var path = Full("holdfast.yaml");
        File.WriteAllText(path, yaml);
        var loaded = ConfigurationLoader.Load(path, new Hashtable(), []);
        ConfigurationFault Short(ConfigurationFault fault) => fault.File == path ? fault with { File = "holdfast.yaml" } : fault;
        return loaded with
        {
            Faults = [.. loaded.Faults.Select(Short)],
            Settings = [.. loaded.Settings.Select(setting => setting.Origin.Source == path ? setting with { Origin = setting.Origin with { Source = "holdfast.yaml" } } : setting)],
        };
    }

    private string Full(string name) => Path.Combine(_root.FullName, name);

    private void Put(string name, byte[] bytes) => File.WriteAllBytes(Full(name), bytes);
}
