using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Tests.Engine.Measuring;

public sealed class ModelInspectionTests
{
    [Fact]
    public void The_shipped_encoder_is_told_from_its_head()
    {
        var found = ModelInspection.Of(EmbeddingEngine.ShippedModelPath);
        Assert.Equal(("all-MiniLM-L6-v2", "bert", true, 30522), (found.Name, found.Architecture, found.IsEncoder, found.Vocabulary));
        Assert.Empty(found.Faults);
        Assert.Equal(["F32", "Q8_0"], found.BytesByType.Keys.Order());
    }

    [Fact]
    public void What_a_template_cannot_do_with_tools_is_told()
    {
        using var file = new TempFile(TinyChatModel.Make(template: "{% if tools %}{{ tools | xmlattr }}{% endif %}{{ messages[0].content }}"));
        var found = ModelInspection.Of(file.Path);
        Assert.Empty(found.Faults);
        Assert.Equal("tools: chat template, line 1, column 24: the filter 'xmlattr' is not supported", Assert.Single(found.Lacks));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_model_without_a_chat_template_says_what_it_answers(string? template)
    {
        using var file = new TempFile(TinyChatModel.Make(template: template));
        var found = ModelInspection.Of(file.Path);
        Assert.False(found.HasChatTemplate);
        Assert.Empty(found.Faults);
        Assert.Equal("a chat template: it answers /v1/completions alone", Assert.Single(found.Lacks));
    }

    [Fact]
    public void A_model_without_a_vocabulary_says_what_it_lacks_and_can_be_measured()
    {
        using var file = new TempFile(SyntheticModel.Make("qwen3", TensorType.Q8_0));
        var found = ModelInspection.Of(file.Path);
        Assert.Contains("no_vocab", Assert.Single(found.Faults), StringComparison.Ordinal);
        Assert.Equal(2 * 2 * 2 * 2 * 128, found.KvTokenBytes);
        using var bench = ModelBench.Load(file.Path, new BenchSettings { Threads = 1, PromptTokens = 32, NewTokens = 4, Batches = [3] }, TimeProvider.System);
        Assert.True(bench.Prompt(32) > 0);
        Assert.True(bench.Generate(3, 8, 4) > 0);
    }

    [Theory]
    [InlineData("tokenizer.ggml.cls_token_id", "tokenizer.ggml.bos_token_id")]
    [InlineData("tokenizer.ggml.seperator_token_id", "tokenizer.ggml.eos_token_id")]
    public void An_encoder_without_its_border_tokens_is_refused_by_looking_as_by_loading(string key, string instead)
    {
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath);
        copy.Values.Remove(key);
        copy.Values.Remove(instead);
        using var file = copy.ToFile();
        var fault = Assert.Throws<ModelFileException>(() => EmbeddingEngine.Load(file.Path, new EmbeddingOptions(), gate: null));
        Assert.Contains($"{key} is missing", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, Assert.Single(ModelInspection.Of(file.Path).Faults));
    }

    [Theory]
    [InlineData("mit, apache-2.0", "mit", "apache-2.0")]
    [InlineData("mit", "mit")]
    [InlineData("")]
    public void A_list_of_licences_is_shown_and_hinders_nothing(string expected, params string[] licences)
    {
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath);
        copy.Values["general.license"] = licences;
        copy.Values["general.name"] = 7u;
        using var file = copy.ToFile();
        var found = ModelInspection.Of(file.Path);
        Assert.Equal((expected, null), (found.Licence, found.Title));
        Assert.Empty(found.Faults);
    }

    [Fact]
    public void A_classifier_with_a_gap_between_its_windows_is_refused_by_looking_as_by_loading()
    {
        const int width = 384;
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath)
            .With("cls.weight", TensorType.F32, [width, width], new byte[4 * width * width])
            .With("cls.bias", TensorType.F32, [width], new byte[4 * width])
            .With("cls.output.weight", TensorType.F32, [width, 2], new byte[8 * width])
            .With("cls.output.bias", TensorType.F32, [2], new byte[8]);
        copy.Values["bert.pooling_type"] = 4u;
        copy.Values["holdfast.guard.window"] = 100u;
        copy.Values["holdfast.guard.stride"] = 99u;
        using var file = copy.ToFile();
        var fault = Assert.Throws<ModelFileException>(() => ClassifierEngine.Load(file.Path, threads: 1));
        Assert.Contains("holdfast.guard.stride 99", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, Assert.Single(ModelInspection.Of(file.Path).Faults));
    }
}
