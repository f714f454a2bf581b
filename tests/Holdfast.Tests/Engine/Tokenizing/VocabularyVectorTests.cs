using System.Globalization;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class VocabularyVectorTests
{
    [Theory]
    [InlineData("ggml-vocab-phi-3.gguf")]
    [InlineData("ggml-vocab-bert-bge.gguf")]
    [InlineData("ggml-vocab-gpt-2.gguf")]
    [InlineData("ggml-vocab-qwen2.gguf")]
    [InlineData("ggml-vocab-llama-bpe.gguf")]
    [InlineData("ggml-vocab-llama-spm.gguf")]
    public void Every_published_vector_gives_the_published_ids(string name)
    {
        var path = VocabularyFiles.PathOf(name);
        var tokenizer = new Tokenizer(VocabularyFiles.Data(path));
        var texts = File.ReadAllText(path + ".inp").Split("\n__ggml_vocab_test__\n");
        var expected = File.ReadAllLines(path + ".out");
        Assert.True(texts.Length > 40);
        for (var i = 0; i < texts.Length - 1; i++)
        {
            var ids = tokenizer.Encode(texts[i], allowSpecial: false);
            var wanted = expected[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture));
            Assert.True(wanted.SequenceEqual(ids), $"{name}, text {i} \"{texts[i]}\": {string.Join(' ', ids)} instead of {expected[i]}");
        }
    }
}
