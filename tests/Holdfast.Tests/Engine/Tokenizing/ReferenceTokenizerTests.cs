using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace Holdfast.Tests.Engine.Tokenizing;

/// <summary>The same vocabularies through Microsoft.ML.Tokenizers, with the published patterns as regular expressions.</summary>
public sealed class ReferenceTokenizerTests
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Llama3 = @"'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.OneOf(new[] { "a", "The", "it", "'s", "'LL", "1", "234", "²", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "!", "...", "東京", "é", "{\"name\": ", "x  1", "'" }.Select(Gen.Const).ToArray()),
            Gen.Char[' ', '\u2FFF'].Select(c => c.ToString()))
        .List[0, 30].Select(string.Concat);

    [Theory]
    [InlineData("gpt-2", Gpt2)]
    [InlineData("llama-bpe", Llama3)]
    [InlineData("qwen2", "")]
    public void Random_texts_give_the_same_ids(string pre, string pattern)
    {
        pattern = pre == "qwen2" ? Llama3.Replace("{1,3}", "", StringComparison.Ordinal) : pattern;
        var data = SmallVocabulary.Data(pre);
        var own = new Holdfast.Engine.Tokenizing.Tokenizer(data);
        var normal = data.Tokens.Select((token, id) => (token, id)).Where(t => data.Types[t.id] == 1).ToDictionary(t => t.token, t => t.id);
        var reference = BpeTokenizer.Create(new BpeOptions(normal)
        {
            Merges = data.Merges,
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5)), specialTokens: null),
        });
        Texts.Sample(
            text => Assert.Equal(reference.EncodeToIds(text), TakesWhole(own, text)),
            iter: 3000);
    }

    // The reference has no rule that takes a piece whole; with these learnt vocabularies merging finds the same token.
    private static List<int> TakesWhole(Holdfast.Engine.Tokenizing.Tokenizer own, string text) => own.Encode(text, allowSpecial: false);
}
