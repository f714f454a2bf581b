using CsCheck;
using Holdfast.Engine.Serving;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Serving;

public sealed class ReasoningSplitterTests
{
    [Theory]
    [InlineData(ThinkingStart.Open, "Let me see.\n</think>\n\nFour.", "Let me see.", "Four.")]
    [InlineData(ThinkingStart.Possible, "<think>\nWell\n\nhm\n</think>\n\nFour </b>", "Well\n\nhm", "Four </b>")]
    [InlineData(ThinkingStart.Possible, "Four <think>.", "", "Four <think>.")]
    [InlineData(ThinkingStart.None, "<think>x</think>", "", "<think>x</think>")]
    [InlineData(ThinkingStart.Open, "yes</think>no", "yes", "no")]
    [InlineData(ThinkingStart.Open, "</think>no", "", "no")]
    [InlineData(ThinkingStart.Open, "never ends </thin", "never ends </thin", "")]
    public void Reasoning_and_answer_come_apart_however_the_text_is_cut(ThinkingStart start, string text, string reasoning, string content) =>
        Gen.Int[1, 9].Array[1, 12].Sample(sizes =>
        {
            var splitter = new ReasoningSplitter(start);
            var (r, c, place) = ("", "", 0);
            for (var i = 0; place < text.Length; i++)
            {
                var size = Math.Min(sizes[i % sizes.Length], text.Length - place);
                var part = splitter.Take(text.Substring(place, size), isLast: false);
                place += size;
                (r, c) = (r + part.Reasoning, c + part.Content);
            }

            var last = splitter.Take("", isLast: true);
            return r + last.Reasoning == reasoning && c + last.Content == content;
        });
}
