using CsCheck;
using Holdfast.Retrieval.Analysis;

namespace Holdfast.Tests.Retrieval;

public sealed class SentenceReaderTests
{
    [Theory]
    [InlineData("Stop the pump. Wait 30 s.", "Stop the pump.|Wait 30 s.")]
    [InlineData("See e.g. the manual. Dr. Ada wrote it.", "See e.g. the manual.|Dr. Ada wrote it.")]
    [InlineData("It runs (as root). Why? Because.", "It runs (as root).|Why?|Because.")]
    [InlineData("Use os.path. It joins.", "Use os.path.|It joins.")]
    [InlineData("Version 3.11 is out.", "Version 3.11 is out.")]
    [InlineData("One line\nthat goes on. Next.", "One line\nthat goes on.|Next.")]
    [InlineData("Steps:\n- stop it\n- start it", "Steps:|- stop it|- start it")]
    [InlineData("1. Stop it.\n2. Start it.", "1. Stop it.|2. Start it.")]
    [InlineData("| a | b |\n| 1 | 2 |", "| a | b ||| 1 | 2 |")]
    [InlineData("name: a | port: 1\nname: b | port: 2\nThat is\nall.", "name: a | port: 1|name: b | port: 2|That is\nall.")]
    [InlineData("Run:\n\n    x = 1.\n    y = 2.\n\nDone.", "Run:|x = 1.\n    y = 2.|Done.")]
    [InlineData(">>> a.b()\n... c\nText.", ">>> a.b()\n... c|Text.")]
    [InlineData("泵停了。等一下。", "泵停了。|等一下。")]
    [InlineData("", "")]
    public void A_passage_is_cut_into_sentences(string text, string expected)
    {
        var sentences = SentenceReader.Read(text).Select(sentence => text.Substring(sentence.Start, sentence.Length));
        Assert.Equal(expected, string.Join('|', sentences));
    }

    [Fact]
    public void Every_unit_that_is_no_space_lies_in_one_sentence()
    {
        Gen.String[Gen.Char["ab. !?\n-|1>)\"A"], 0, 120].Sample(
            text =>
            {
                var end = 0;
                var left = "";
                foreach (var sentence in SentenceReader.Read(text))
                {
                    left += text[end..sentence.Start];
                    Assert.True(sentence.Start >= end && sentence.Length > 0);
                    Assert.Equal(SentenceReader.CountWords(text.AsSpan(sentence.Start, sentence.Length)), sentence.Words);
                    end = sentence.Start + sentence.Length;
                }

                Assert.True(string.IsNullOrWhiteSpace(left + text[end..]));
            },
            seed: "0002KSfYpPz1", iter: 5_000);
    }
}
