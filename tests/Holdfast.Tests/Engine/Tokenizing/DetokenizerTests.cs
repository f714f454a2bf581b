using System.Text;
using CsCheck;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class DetokenizerTests
{
    private static readonly Tokenizer Bytes = new(SmallVocabulary.Data("gpt-2", merges: 0));

    [Fact]
    public void A_character_spread_over_tokens_comes_out_whole()
    {
        var detokenizer = new Detokenizer(Bytes.Vocabulary);
        var parts = Encoding.UTF8.GetBytes("é😀x").Select(b => detokenizer.Append(IdOf(b))).ToArray();
        Assert.Equal(["", "é", "", "", "", "😀", "x"], parts);
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Any_bytes_come_out_as_the_runtime_decodes_them_and_no_part_splits_a_character()
    {
        Gen.Byte.Array[0, 30].Sample(bytes =>
        {
            var detokenizer = new Detokenizer(Bytes.Vocabulary);
            var parts = bytes.Select(b => detokenizer.Append(IdOf(b))).ToList();
            parts.Add(detokenizer.Flush());
            return string.Concat(parts) == Encoding.UTF8.GetString(bytes) && parts.All(p => p.Length == 0 || (!char.IsLowSurrogate(p[0]) && !char.IsHighSurrogate(p[^1])));
        });
    }

    [Fact]
    public void Special_tokens_give_no_text()
    {
        var detokenizer = new Detokenizer(Bytes.Vocabulary);
        Assert.Equal("", detokenizer.Append(Bytes.FindSpecial("<|im_end|>")!.Value));
        Assert.Equal("<tool_call>", detokenizer.Append(Bytes.FindSpecial("<tool_call>")!.Value));
    }

    [Theory]
    [InlineData("C0AF", 0)]
    [InlineData("61EDA080", 1)]
    [InlineData("F4908080", 0)]
    [InlineData("6162E282", 2)]
    public void Bad_bytes_of_a_prompt_are_refused_with_their_offset(string hex, int offset)
    {
        Assert.False(Utf8Text.TryDecode(Convert.FromHexString(hex), out _, out var at));
        Assert.Equal(offset, at);
        Assert.True(Utf8Text.TryDecode("é😀"u8, out var text, out _));
        Assert.Equal("é😀", text);
    }

    private static int IdOf(byte value) => Bytes.Vocabulary.Find([value]);
}
