using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Answers;

namespace Holdfast.Tests.Gateway;

public sealed class SentenceSourceTests
{
    private static readonly Passage[] Passages =
    [
        Passage("pump.md", "Drain the instance first. If the drain hangs for more than two minutes, release the ledger lock before the restart."),
        Passage("traces.md", "Traces with the full text of questions are kept for 30 days; a reported answer is kept for one year."),
    ];

    [Fact]
    public void A_sentence_is_tied_to_the_passage_that_holds_its_words()
    {
        const string Answer = "Questions are kept for 30 days.  Release the ledger lock before the restart!\nI like rivers, mountains and lakes.";
        var found = SentenceSource.Find(Answer, "What now?", Passages).ToList();
        Assert.Equal(
            [("Questions are kept for 30 days.", "traces.md"), ("Release the ledger lock before the restart!", "pump.md")],
            found.Select(c => (Answer[c.AnswerStart..c.AnswerEnd], c.Passage.Document)));
    }

    [Theory]
    [InlineData("The ledger lock.")]
    [InlineData("Keep the ledger lock in a warm and dry place, says the manufacturer's brochure.")]
    [InlineData("Questions are kept for 3000 days, whatever else happens.")]
    [InlineData("")]
    [InlineData(" \n\n . . . ")]
    public void Few_words_other_words_and_other_numbers_have_no_source(string answer) =>
        Assert.Empty(SentenceSource.Find(answer, "What now?", Passages));

    [Fact]
    public void Saying_the_question_again_is_no_answer_to_cite() =>
        Assert.Empty(SentenceSource.Find("The drain hangs before the restart of the instance.", "Why does the drain hang before the restart of the instance?", Passages));

    [Fact]
    public void A_loop_names_its_source_once()
    {
        var answer = string.Concat(Enumerable.Repeat("Release the ledger lock before the restart. ", 500));
        Assert.Single(SentenceSource.Find(answer, "What now?", Passages));
    }

    private static Passage Passage(string document, string text) =>
        new() { DocumentId = document, Document = document, Title = document, Start = 0, Length = text.Length, Text = text, Score = 1 };
}
