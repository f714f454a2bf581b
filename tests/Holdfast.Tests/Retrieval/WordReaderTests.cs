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

    private static string Terms(string text)
    {
        var terms = new StringBuilder();
        TermWriter.Append(terms, text);
        return terms.ToString().TrimEnd();
    }
}
