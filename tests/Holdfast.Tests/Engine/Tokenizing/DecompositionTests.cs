using System.Text;
using CsCheck;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class DecompositionTests
{
    [Fact]
    public void A_text_is_decomposed_as_the_library_decomposes_it()
    {
        Gen.OneOf(
                Gen.OneOf(new[] { "e", "é", "\u0301", "\u0316", "\u0344", "각", "\u1161", "Å", "\U0001D15E", "\U0001D165", "\U0001D16D", "\u302E", "\uFFFF", "\uFDD0", "😀", "ǖ" }.Select(Gen.Const).ToArray()),
                Gen.Char['\u0300', '\u036F'].Select(c => c.ToString()),
                Gen.Char['\0', '\uD7FF'].Select(c => c.ToString()))
            .Array[0, Decomposition.MarksMax].Select(string.Concat)
            .Sample(text => Decomposition.Of(text) == text.Normalize(NormalizationForm.FormD));
    }

    [Fact]
    public void A_long_run_of_marks_is_put_in_order_in_short_pieces()
    {
        var text = "xa" + new string('\u0301', 1000) + new string('\u0316', 1000) + string.Concat(Enumerable.Repeat("\U0001D16D\U0001D165", 1000)) + "b";
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = Decomposition.PieceEnd(text, start);
            var marks = text[start..end].EnumerateRunes().Count(r => r.Value >= 0x300);
            Assert.InRange(marks, 1, Decomposition.MarksMax);
            Assert.False(char.IsLowSurrogate(text[start]));
        }

        Assert.Equal(text.Order(), Decomposition.Of(text).Order());
    }

    [Fact]
    public void Letters_in_a_row_stay_one_piece() => Assert.Equal(40_000, Decomposition.PieceEnd(string.Concat(Enumerable.Repeat("é각ж東", 10_000)), 0));

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("é\uFFFEé", "e\u0301\uFFFEe\u0301")]
    [InlineData("\uFFFE\u0301\u0316", "\uFFFE\u0316\u0301")]
    public void U_FFFE_stays_where_it_is(string text, string? expected = null) => Assert.Equal(expected ?? text, Decomposition.Of(text));

    [Theory]
    [InlineData("\uFFFE", "\uFFFF")]
    [InlineData("good\uFFFE morning", "good\uFFFF morning")]
    public void A_word_with_U_FFFE_is_encoded_as_one_with_another_noncharacter(string text, string other)
    {
        var tokenizer = new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf("ggml-vocab-bert-bge.gguf")));
        Assert.Equal(tokenizer.Encode(other, false), tokenizer.Encode(text, false));
    }

    [Fact]
    public void A_word_buried_in_marks_is_encoded_as_without_them()
    {
        var tokenizer = new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf("ggml-vocab-bert-bge.gguf")));
        var marks = new string('\u0301', 500) + new string('\u0316', 500);
        Assert.Equal(tokenizer.Encode("good morning", false), tokenizer.Encode($"go{marks}od{marks} morning", false));
    }
}
