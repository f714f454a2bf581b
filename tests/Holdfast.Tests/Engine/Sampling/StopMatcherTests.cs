using CsCheck;
using Holdfast.Engine.Sampling;

namespace Holdfast.Tests.Engine.Sampling;

public sealed class StopMatcherTests
{
    [Fact]
    public void A_stop_string_across_pieces_is_found_and_nothing_of_it_is_given_out()
    {
        var matcher = new StopMatcher(["\nUser:"]);
        Assert.Equal("Hello", matcher.Take("Hello\nUs", out var isStopped));
        Assert.False(isStopped);
        Assert.Equal("", matcher.Take("er: more", out isStopped));
        Assert.True(isStopped);
    }

    [Fact]
    public void What_only_looked_like_a_stop_string_comes_out_in_the_end()
    {
        var matcher = new StopMatcher(["abc"]);
        Assert.Equal("x", matcher.Take("xab", out _));
        Assert.Equal("abd", matcher.Take("d", out _));
        Assert.Equal("", matcher.Take("ab", out _));
        Assert.Equal("ab", matcher.Flush());
    }

    [Fact]
    public void Pieces_of_any_size_give_the_text_before_the_stop_that_is_whole_first() =>
        Gen.Select(OneOf("a", "b", "ab", "aab", "cabb", "c").Array[0, 30], OneOf("ab", "bba", "cc", "aaa", "b", "cabb", "aabc").Array[1, 3]).Sample((pieces, stops) =>
        {
            var whole = string.Concat(pieces);
            var end = Enumerable.Range(0, whole.Length + 1).FirstOrDefault(e => stops.Any(whole[..e].EndsWith));
            var first = end == 0 ? whole.Length : end - stops.Where(whole[..end].EndsWith).Max(s => s.Length);
            var matcher = new StopMatcher(stops);
            var got = "";
            foreach (var piece in pieces)
            {
                got += matcher.Take(piece, out var isStopped);
                if (isStopped)
                {
                    return got == whole[..first];
                }
            }

            return got + matcher.Flush() == whole;
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
