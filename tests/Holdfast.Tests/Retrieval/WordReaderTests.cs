using System.Text;
using CsCheck;
using Holdfast.Retrieval.Analysis;

namespace Holdfast.Tests.Retrieval;

public sealed class WordReaderTests
{
    [Theory]
    [InlineData("Restart the pump.", "restart the pump")]
    [InlineData("os.path.join(a)", "ospathjoin os path join a")]
    [InlineData("max_workers=5", "maxwork max worker 5")]
    [InlineData("ThreadPoolExecutor", "threadpoolexecutor thread pool executor")]
    [InlineData("HTTPError", "httperror http error")]
    [InlineData("--no-cache ERR_42", "nocach no cach err42 err 42")]
    [InlineData("python 3.11", "python 3.11 3 11")]
    [InlineData("Café naïve", "cafe naiv")]
    [InlineData("重启泵", "重启 启泵")]
    [InlineData("泵 ab", "泵 ab")]
    [InlineData("... --- ___ '\"*", "")]
    public void A_text_gives_the_terms_of_its_words(string text, string terms)
    {
        Assert.Equal(terms, Terms(text));
    }

    [Fact]
    public void A_word_buried_in_marks_is_normalised_without_them()
    {
        var marks = new string('\u0301', 500) + new string('\u0316', 500);
        Assert.Equal("cafe", TermWriter.LettersOf($"ca{marks}fe{marks}"));
        Assert.Equal("cafe", Terms($"Ca{marks}fe{marks}"));
        Assert.InRange(TermWriter.LettersOf(string.Concat(Enumerable.Repeat("\U0001D16D\U0001D165", 500))).Length, TermWriter.UnitsMax, 4 * TermWriter.UnitsMax);
    }

    [Fact]
    public void A_word_gives_the_term_that_its_whole_normal_form_gives()
    {
        Gen.OneOf(Gen.OneOf(new[] { "e", "\u0301", "\u0316", "\u0344", "é", "각", "ǆ", "Å", "\U0001D400", "\U0001D165", "\uD800", "\uDC00", "x" }.Select(Gen.Const).ToArray()), Gen.Char['\0', '\uD7FF'].Select(c => c.ToString()))
            .Array[1, 100].Select(string.Concat).Where(w => w.Any(c => c > 127)).Sample(word =>
            {
                Span<char> buffer = stackalloc char[TermWriter.UnitsMax];
                return buffer[..TermWriter.Write(word, buffer)].SequenceEqual(SlowTerm(word));
            });
    }

    [Theory]
    [InlineData("max_workers", "maxWorkers")]
    [InlineData("max-workers", "maxWorkers")]
    [InlineData("Restarting", "restarted")]
    public void Two_spellings_of_a_name_share_a_term(string left, string right)
    {
        Assert.Contains(Terms(left).Split(' ')[0], Terms(right).Split(' '));
    }

    [Fact]
    public void Any_text_gives_terms_without_syntax_and_words_inside_the_text()
    {
        Gen.Char.Array[0, 200].Select(units => new string(units)).Sample(
            text =>
            {
                var words = new WordReader(text);
                while (words.MoveNext())
                {
                    Assert.InRange(words.Current.Start, 0, text.Length - words.Current.Length);
                    Assert.True(words.Current.Length > 0);
                }

                Assert.DoesNotContain(Terms(text), unit => unit is '"' or '*' or '(' or ')' or ':' or '^' or '-' or '+' or '\'');
            },
            seed: "0001KSfYpPz1", iter: 3_000);
    }

    [Fact]
    public void A_run_of_a_million_letters_is_one_short_term()
    {
        Assert.Equal(TermWriter.UnitsMax, Terms(new string('x', 1_000_000)).Length);
    }

    [Fact]
    public void Lone_underscores_do_not_deepen_the_stack()
    {
        Assert.Equal("end", Terms(string.Concat(Enumerable.Repeat("_ ", 500_000)) + "end"));
    }

    private static string SlowTerm(string word)
    {
        var isWhole = word.EnumerateRunes().All(r => r.Value != 0xFFFD) && !word.Contains('\uFFFD', StringComparison.Ordinal);
        var kept = (isWhole ? word.Normalize(NormalizationForm.FormKD) : word).Where(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c)).Take(TermWriter.UnitsMax).Select(char.ToLowerInvariant).ToArray();
        var length = kept.Length;
        while (new string(kept, 0, length).EnumerateRunes().Any(r => r.Value == 0xFFFD))
        {
            length--;
        }

        return new string(kept, 0, PorterStemmer.Stem(kept.AsSpan(0, length)));
    }

    private static string Terms(string text)
    {
        var terms = new StringBuilder();
        TermWriter.Append(terms, text);
        return terms.ToString().TrimEnd();
    }
}
