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
}
