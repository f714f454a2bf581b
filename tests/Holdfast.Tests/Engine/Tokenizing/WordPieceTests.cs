using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class WordPieceTests
{
    private static readonly string[] Words = ["[UNK]", "▁paris", "▁Paris", "▁cafe", "▁café", "▁Café", "▁CAFE", "▁istanbul"];

    [Theory]
    [InlineData(null, null, "Paris PARIS Café cafe\u0301 İstanbul", "▁paris ▁paris ▁cafe ▁cafe ▁istanbul")]
    [InlineData(true, null, "Paris Café", "▁paris ▁cafe")]
    [InlineData(false, null, "Paris paris PARIS Café café cafe", "▁Paris ▁paris [UNK] ▁Café ▁café ▁cafe")]
    [InlineData(false, true, "Paris Café café CAFÉ", "▁Paris [UNK] ▁cafe ▁CAFE")]
    [InlineData(true, false, "Paris Café cafe İstanbul", "▁paris ▁café ▁cafe ▁istanbul")]
    [InlineData(null, false, "Café", "▁café")]
    public void Case_and_accents_go_as_the_file_says(bool? lowercases, bool? stripsAccents, string text, string tokens)
    {
        var tokenizer = Of(Words, lowercases, stripsAccents);
        Assert.Equal(tokens, string.Join(' ', tokenizer.Encode(text, allowSpecial: false).Select(id => Words[id])));
    }

    [Theory]
    [InlineData("hello world", "▁hello ▁world")]
    [InlineData("hello▁world", "▁hello ▁ world")]
    [InlineData("hello▁", "▁hello ▁")]
    [InlineData("hello▁there", "[UNK]")]
    [InlineData("▁", "▁▁")]
    [InlineData("▁world", "▁▁ world")]
    [InlineData("unheard", "[UNK]")]
    public void The_mark_of_a_words_start_is_none_in_a_text(string text, string tokens)
    {
        // As GGUF writes the pieces "hello", "world", "##world", "there", "##▁" and "▁".
        string[] words = ["[UNK]", "▁hello", "▁world", "world", "▁there", "▁", "▁▁"];
        Assert.Equal(tokens, string.Join(' ', Of(words).Encode(text, allowSpecial: false).Select(id => words[id])));
    }

    [Fact]
    public void A_real_vocabulary_does_not_take_the_mark_in_a_text_for_a_space()
    {
        var tokenizer = new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf("ggml-vocab-bert-bge.gguf")));
        Assert.Equal(2, tokenizer.Encode("hello world", false).Count);
        Assert.Equal(tokenizer.Data.Unknown, Assert.Single(tokenizer.Encode("hello▁world", false)));
    }

    [Fact]
    public void The_keys_of_the_file_are_read()
    {
        var values = new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "bert",
            ["tokenizer.ggml.tokens"] = Words,
            ["tokenizer.ggml.normalizer.lowercase"] = false,
            ["tokenizer.ggml.normalizer.strip_accents"] = true,
        };
        var data = TokenizerFile.Read(new GgufMetadata("cased.gguf", values));
        Assert.Equal((false, true), (data.Lowercases, data.StripsAccents));
    }

    private static Tokenizer Of(string[] tokens, bool? lowercases = null, bool? stripsAccents = null) =>
        new(new TokenizerData { Model = "bert", Tokens = tokens, Unknown = 0, Lowercases = lowercases, StripsAccents = stripsAccents });
}
