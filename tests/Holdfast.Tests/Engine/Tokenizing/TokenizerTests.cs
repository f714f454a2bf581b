using System.Text;
using CsCheck;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class TokenizerTests
{
    // Letters, digits of several scripts, spaces of several kinds, signs, emoji, marks.
    private static readonly Gen<string> Hostile = Gen.OneOf(
            Gen.OneOf(new[] { "a", "B", "é", "ß", "'s", "'RE", "1", "23", "½", "Ⅷ", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "!", "...", "東京", "😀", "\u0301", "<|im_end|>", "x" }.Select(Gen.Const).ToArray()),
            Gen.Char[' ', '\uD7FF'].Select(c => c.ToString()))
        .List[0, 40].Select(string.Concat);

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("smollm")]
    [InlineData("qwen2")]
    [InlineData("llama-bpe")]
    public void Any_text_comes_back_whole(string pre)
    {
        var tokenizer = SmallVocabulary.Train(pre);
        Hostile.Sample(text => Detokenizer.Decode(tokenizer.Vocabulary, tokenizer.Encode(text, false)) == text, iter: 4000);
    }

    [Fact]
    public void Any_text_comes_back_whole_from_sentence_pieces_behind_their_leading_space()
    {
        var tokenizer = VocabularyFiles.Phi3();
        var hostile = Gen.Select(Hostile, Gen.OneOf(Gen.Const(""), Gen.Const("\u2581"), Gen.Const(" \u2581x\u2581\u2581")), Hostile).Select((a, b, c) => a + b + c);
        hostile.Sample(text => Detokenizer.Decode(tokenizer.Vocabulary, tokenizer.Encode(text, false)) == (text.Length == 0 ? "" : " " + text.Replace('\u2581', ' ')), iter: 2000);
    }

    [Fact]
    public void The_sign_by_which_sentence_pieces_write_a_space_is_one()
    {
        var tokenizer = VocabularyFiles.Phi3();
        Assert.Equal(tokenizer.Encode("hello world  again", false), tokenizer.Encode("hello\u2581world\u2581 again", false));
    }

    [Fact]
    public void The_two_ways_of_merging_agree()
    {
        var data = SmallVocabulary.Data("gpt-2");
        var encoder = new BpeEncoder(data, new Vocabulary(data));
        Hostile.Select(Encoding.UTF8.GetBytes).Where(b => b.Length is > 0 and <= 40).Sample(
            piece =>
            {
                var (quick, slow) = (new List<int>(), new List<int>());
                encoder.MergeLong(piece, new MergeQueue(), quick);
                encoder.MergeShort(piece, slow);
                return quick.SequenceEqual(slow);
            },
            iter: 4000);
    }

    [Fact]
    public void No_text_has_fewer_tokens_than_its_bytes_by_the_longest_token()
    {
        foreach (var tokenizer in new[] { SmallVocabulary.Train("gpt-2"), SmallVocabulary.Train("llama-bpe"), VocabularyFiles.Phi3(), Shipped() })
        {
            Hostile.Sample(text => tokenizer.LeastTokens(text) <= tokenizer.Encode(text, allowSpecial: true).Count, iter: 1000);
            var spaces = new string('\u2581', 3_000);
            Assert.InRange(tokenizer.LeastTokens(spaces), 0, tokenizer.Encode(spaces, allowSpecial: false).Count);
        }

        var trained = SmallVocabulary.Train("gpt-2");
        Assert.Equal(1_001, trained.LeastTokens(new string('x', (1_000 * trained.Vocabulary.BytesMax) + 1)));
        Assert.Equal(0, Shipped().LeastTokens(new string('x', 1_000)));
    }

    [Fact]
    public void Bytes_that_a_vocabulary_leaves_out_do_not_count_for_the_least_tokens()
    {
        var data = SmallVocabulary.Data("gpt-2");
        var tokens = data.Tokens.ToList();
        tokens[0x01] = "not-a-byte";
        var gap = new Tokenizer(data with { Tokens = tokens, Unknown = 0, Types = [(int)TokenKind.Control, .. data.Types.Skip(1)] });
        var left = ByteAlphabet.Decode(data.Tokens[0x01]).Single();
        Assert.Equal(0, gap.LeastTokens(new string((char)left, 5_000)));
        Assert.Equal(1_000, gap.LeastTokens(new string('x', 1_000 * gap.Vocabulary.BytesMax)));
        Hostile.Sample(text => gap.LeastTokens(text) <= gap.Encode(text, allowSpecial: true).Count, iter: 1000);
    }

    [Fact]
    public void A_long_piece_takes_21_bytes_a_byte_and_gives_them_back()
    {
        var data = SmallVocabulary.Data("gpt-2");
        var encoder = new BpeEncoder(data, new Vocabulary(data));
        var text = new string('e', 3 << 20);
        var ids = new List<int>(text.Length);
        encoder.Encode("warm", false, ids, int.MaxValue);
        for (var i = 0; i < 2; i++)
        {
            // The second time as much: what a pool had kept would not be allocated again.
            ids.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            encoder.Encode(text, false, ids, int.MaxValue);
            Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)text.Length, 20.9, 21.5);
        }
    }

    [Fact]
    public void A_text_of_many_windows_has_the_pieces_of_its_words()
    {
        var tokenizer = Shipped();
        Hostile.Where(t => t.Length > 0).List[1_000, 3_000].Sample(
            parts =>
            {
                var text = string.Concat(parts);
                List<int> slow = [.. text.Split(' ').SelectMany(word => tokenizer.Encode(word, allowSpecial: false))];
                return tokenizer.Encode(text, allowSpecial: false).SequenceEqual(slow);
            },
            iter: 20);
    }

    [Fact]
    public void A_word_of_a_million_letters_is_unknown_and_a_long_text_is_read_as_far_as_asked()
    {
        var tokenizer = Shipped();
        Assert.Equal([tokenizer.Data.Unknown!.Value], tokenizer.EncodeStart(new string('a', 1 << 20), 10));
        Assert.InRange(tokenizer.EncodeStart(string.Concat(Enumerable.Repeat("word ", 100_000)), 10).Count, 11, 99_999);
    }

    private static Tokenizer Shipped()
    {
        using var file = GgufFile.Open(EmbeddingEngine.ShippedModelPath);
        return new Tokenizer(TokenizerFile.Read(file.Metadata));
    }

    [Fact]
    public void Only_template_text_becomes_a_special_token()
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        var end = tokenizer.FindSpecial("<|im_end|>")!.Value;
        Assert.Equal([end], tokenizer.Encode("<|im_end|>", allowSpecial: true));
        Assert.DoesNotContain(end, tokenizer.Encode("<|im_end|>", allowSpecial: false));
        Assert.DoesNotContain(tokenizer.FindSpecial("<tool_call>")!.Value, tokenizer.Encode("<tool_call>", allowSpecial: false));
    }

    [Theory]
    [InlineData("smollm")]
    [InlineData("llama-bpe")]
    public void A_byte_without_a_token_is_left_out_and_never_becomes_a_control_token(string pre)
    {
        var tokenizer = new Tokenizer(SmallVocabulary.DataWithout(pre, 0x04, 0x13, 0xF1, 0xF2));
        Assert.Equal([.. tokenizer.Encode("a", false), .. tokenizer.Encode("b", false)], tokenizer.Encode("a\u0004b", false));
        var missing = Gen.OneOf(new[] { "\u0004", "\u0013", "\U00040000", "\U0008FFFF", "the", "service", " " }.Select(Gen.Const).ToArray());
        Gen.OneOf(Hostile, missing).List[0, 40].Select(string.Concat).Sample(
            text =>
            {
                var ids = tokenizer.Encode(text, allowSpecial: false);
                var bytes = Encoding.UTF8.GetBytes(text).Where(b => b is not (0x04 or 0x13 or 0xF1 or 0xF2));
                return ids.TrueForAll(tokenizer.Vocabulary.IsText) && ids.SelectMany(id => tokenizer.Vocabulary.BytesOf(id).ToArray()).SequenceEqual(bytes);
            },
            iter: 1000);
    }

    [Fact]
    public void A_byte_without_a_token_becomes_the_unknown_token_where_that_is_no_control_token()
    {
        var data = SmallVocabulary.DataWithout("smollm", 0x04);
        data = data with { Tokens = [.. data.Tokens, "<unk>"], Types = [.. data.Types, (int)TokenKind.Unknown], Unknown = data.Tokens.Count };
        Assert.Equal(data.Unknown, Assert.Single(new Tokenizer(data).Encode("\u0004", allowSpecial: false)));
        Assert.Empty(new Tokenizer(data with { Eos = data.Unknown }).Encode("\u0004", allowSpecial: false));
    }

    [Fact]
    public void A_control_character_that_SmolLM2_has_no_byte_for_is_left_out_as_llama_cpp_leaves_it_out()
    {
        var tokenizer = VocabularyFiles.SmolLm();
        Assert.Equal([81, 82], tokenizer.Encode("a\u0004b", allowSpecial: false));
        Assert.Empty(tokenizer.Encode("\u0006\u0013\u0014\u0016\u001D", allowSpecial: false));
    }

    [Fact]
    public void A_caller_cannot_complete_a_special_token_that_the_template_began()
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        var end = tokenizer.FindSpecial("<|im_end|>")!.Value;
        for (var cut = 0; cut <= 10; cut++)
        {
            const string Name = "<|im_end|>";
            var ids = tokenizer.Encode([new TextSpan(Name[..cut], true), new TextSpan(Name[cut..], false)]);
            Assert.Equal(cut == 10, ids.Contains(end));
            Assert.Equal([end], tokenizer.Encode([new TextSpan(Name[..cut], true), new TextSpan(Name[cut..], true)]));
        }
    }

    [Fact]
    public void Spans_change_no_plain_text()
    {
        var tokenizer = SmallVocabulary.Train("qwen2");
        Gen.Select(Hostile, Gen.Int[0, 200]).Sample((text, cut) =>
        {
            text = text.Replace("<|im_end|>", "", StringComparison.Ordinal);
            cut = Math.Min(cut, text.Length);
            return tokenizer.Encode(text, false).SequenceEqual(tokenizer.Encode([new(text[..cut], false), new(text[cut..], true)]));
        });
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("漢")]
    [InlineData("\r\n \t")]
    [InlineData("'s")]
    [InlineData("<|im_")]
    public void A_hostile_run_of_400_000_units_is_encoded(string unit)
    {
        // A way that is quadratic in the run would need hours here.
        var tokenizer = SmallVocabulary.Train("smollm");
        var text = string.Concat(Enumerable.Repeat(unit, 400_000 / unit.Length));
        var ids = tokenizer.Encode(text, allowSpecial: true);
        Assert.Equal(text, Detokenizer.Decode(tokenizer.Vocabulary, ids));
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        var tokenizer = SmallVocabulary.Train("gpt-2");
        Assert.Equal("a\uFFFDb", Detokenizer.Decode(tokenizer.Vocabulary, tokenizer.Encode("a\uD800b", false)));
    }

    [Fact]
    public void An_unknown_model_or_rule_is_refused_with_the_known_ones()
    {
        var data = SmallVocabulary.Data("smollm");
        Assert.Contains("known are gpt2, llama, bert", Assert.Throws<TokenizerDataException>(() => new Tokenizer(data with { Model = "t5" })).Message, StringComparison.Ordinal);
        Assert.Contains("'tekken'; known are gpt-2, smollm, qwen2, llama-bpe", Assert.Throws<TokenizerDataException>(() => new Tokenizer(data with { Pre = "tekken" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_vocabulary_is_refused_by_key()
    {
        var data = SmallVocabulary.Data("smollm");
        AssertRefused(data with { Types = [1] }, "tokenizer.ggml.token_type has 1 entries");
        AssertRefused(data with { Merges = ["ab"] }, "tokenizer.ggml.merges[0] is 'ab'");
        AssertRefused(data with { Merges = ["q qqq"] }, "tokenizer.ggml.merges[0] is 'q qqq'");
        AssertRefused(data with { Eos = 100_000 }, "tokenizer.ggml.eos_token_id is 100000");
        AssertRefused(data with { Tokens = [.. data.Tokens.Skip(66)], Types = [.. data.Types.Skip(66)], Merges = [], Eos = null }, "no token for the byte");
        AssertRefused(data with { Model = "llama" }, "tokenizer.ggml.scores has 0 entries");
    }

    [Fact]
    public void The_begin_token_is_put_once()
    {
        var data = SmallVocabulary.Data("llama-bpe");
        var begin = data.Tokens.ToList().IndexOf("<|im_start|>");
        var tokenizer = new Tokenizer(data with { Bos = begin });
        Assert.True(tokenizer.AddsBos);
        Assert.Equal(begin, tokenizer.EncodePrompt([new("x", false)])[0]);
        Assert.Single(tokenizer.EncodePrompt([new("<|im_start|>x", true)]), begin);
        Assert.False(new Tokenizer(data with { Bos = begin, AddsBos = false }).AddsBos);
    }

    private static void AssertRefused(TokenizerData data, string part) =>
        Assert.Contains(part, Assert.Throws<TokenizerDataException>(() => new Tokenizer(data)).Message, StringComparison.Ordinal);
}
