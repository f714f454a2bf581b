using System.Text;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Counting;
using Microsoft.ML.Tokenizers;

namespace Holdfast.Tests.Gateway.Counting;

/// <summary>Against the library as the slow twin. Differences that are meant: pieces longer than 64 runes are cut, and letters beyond the first plane are letters.</summary>
public sealed class O200kCounterTests(O200kCounterTests.Twin twin) : IClassFixture<O200kCounterTests.Twin>
{
    private static readonly O200kCounter Counter = new();

    [Theory]
    [InlineData("")]
    [InlineData("Hello world, how are you?")]
    [InlineData("  two  spaces   and\ttabs \n\n\n and lines  \r\n  end ")]
    [InlineData("It's we'll THEY'RE I'd 'tis don'T x's's")]
    [InlineData("camelCaseHTTPServer XMLHttpRequest snake_case_name ABCdefGHI")]
    [InlineData("1234567 3.14159 12,345 0x1F 1e10 \u0661\u0662\u0663\u0664")]
    [InlineData("{\"a\":[1,2,{\"b\":null}],\"c\":\"d\\n\"}")]
    [InlineData("https://example.org/a/b?c=d#e //// \n/// -->\r\n")]
    [InlineData("Größe naïve façade ÉCOLE Ǆungla ǅ")]
    [InlineData("\u4F60\u597D\uFF0C\u4E16\u754C\u3002\u6F22A\u6F22a A\u6F22 \u6F22\u5B57kana\u30AB\u30CA")]
    [InlineData("e\u0301clair \u0301 a\u0301B \u0301x \u0301\u0301 .\u0301.")]
    [InlineData("\U0001F600 \U0001F468\u200D\U0001F469\u200D\U0001F467 smile\U0001F600d")]
    [InlineData("<|im_start|>user")]
    [InlineData("\u00A0nbsp\u2003em\u0085nel \u3000")]
    [InlineData("    def f(x):\n        return x  # comment\n")]
    [InlineData("\0\u0001\u001B[0m")]
    public void It_counts_as_the_library_does(string text) => Assert.Equal(twin.Count(text), Counter.Count("m", text).Tokens);

    [Fact]
    public void A_special_token_in_a_text_is_text() => Assert.Equal(7, Counter.Count("m", "<|endoftext|>").Tokens);

    [Fact]
    public void It_counts_random_texts_as_the_library_does()
    {
        var words = Gen.OneOf("the", " The", "HTTP", " ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "'", "123", "4", ".", ", ", "//", "\u00E9", "\u00C9", "\u6F22", "\u4F60\u597D", "\u0301", "_", "{\"", "\":", "x", "Zq", "\u01C5", "\u02B0", "\u00A0", "\u2028");
        words.Array[0, 24].Select(static parts => string.Concat(parts)).Sample(text => Counter.Count("m", text).Tokens == twin.Count(text), iter: 20_000);
    }

    [Fact]
    public void Every_token_of_the_vocabulary_is_found_at_its_own_rank()
    {
        var vocabulary = O200kVocabulary.Load();
        Assert.Equal(199_998, vocabulary.Count);
        var checkedTokens = 0;
        foreach (var (token, id) in twin.Ranks())
        {
            checkedTokens++;
            Assert.True(vocabulary.Rank(token) == id, $"rank of {Convert.ToHexString(token)}");
        }

        Assert.InRange(checkedTokens, 190_000, 199_998);
    }

    [Fact]
    public void A_long_run_costs_no_more_than_one_token_for_each_cut()
    {
        var text = new string('a', 4_000);
        Assert.InRange(Counter.Count("m", text).Tokens, twin.Count(text), twin.Count(text) + (4_000 / 64));
    }

    [Theory]
    [InlineData("\u6F22")]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("!")]
    [InlineData("\U00020000")]
    [InlineData("\n")]
    public void Hostile_text_costs_steps_in_proportion_to_its_length(string unit)
    {
        // 1 MB: seconds by the square of its length in the library (9 s for 40,000), so a test that ends at all is the proof.
        var text = new StringBuilder().Insert(0, unit, 1_000_000 / Encoding.UTF8.GetByteCount(unit)).ToString();
        Assert.InRange(Counter.Count("m", text).Tokens, 1_000, 1_000_000);
    }

    [Fact]
    public void Torn_surrogates_are_counted_without_a_fault()
    {
        Gen.Char.Array[0, 40].Select(static units => new string(units)).Sample(text => Counter.Count("m", text).Tokens <= Encoding.UTF8.GetByteCount(text), iter: 20_000);
        Assert.True(Counter.Count("m", "a\uD800b\uDC00" + new string('\uD83D', 200)).Tokens > 0);
    }

    [Fact]
    public void A_chat_costs_four_tokens_a_message_and_three_for_the_answers_head_and_is_never_exact()
    {
        var request = new ChatRequest { Messages = [new ChatMessage { Role = "system", Text = "Hello" }, new ChatMessage { Role = "user", Text = "Hello world" }] };
        var count = Counter.CountPrompt("m", CallKind.Chat, request);
        Assert.Equal(new(1 + 2 + 4 + 4 + 3, false), count);
        Assert.Equal(new(3, false) { Longest = 2 }, Counter.CountPrompt("m", CallKind.Embedding, new ChatRequest { Messages = [], Inputs = ["Hello", "Hello world"] }));
    }

    public sealed class Twin
    {
        private readonly TiktokenTokenizer _library = TiktokenTokenizer.CreateForEncoding("o200k_base");

        public int Count(string text) => _library.CountTokens(text);

        /// <summary>Tokens that are whole UTF-8 texts, with their ranks.</summary>
        public IEnumerable<(byte[] Token, int Id)> Ranks()
        {
            for (var id = 0; id < 199_998; id++)
            {
                if (_library.Decode([id]) is { Length: > 0 } text && !text.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    yield return (Encoding.UTF8.GetBytes(text), id);
                }
            }
        }
    }
}
