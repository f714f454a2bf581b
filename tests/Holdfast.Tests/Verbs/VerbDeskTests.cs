using System.Text.Json;
using Holdfast.Verbs;

namespace Holdfast.Tests.Verbs;

public sealed class VerbDeskTests
{
    // Both are refused before anybody is asked.
    private static readonly VerbDesk Desk = new(null!, null!);

    [Theory]
    [InlineData("""{"query":"x","topK":"abc"}""", "topK must be a whole number in 1..100")]
    [InlineData("""{"query":"x","topK":99999999999}""", "topK must be a whole number in 1..100")]
    [InlineData("""{"query":"x","topK":0}""", "topK is 0; it must lie in 1..100")]
    [InlineData("""{"query":["x"]}""", "query must be a text")]
    [InlineData("""{"query":"x","collection":7}""", "collection must be a text")]
    [InlineData("""["x"]""", "the line is a list; a JSON object is wanted")]
    [InlineData("5", "the line is a number; a JSON object is wanted")]
    [InlineData("null", "the line is null; a JSON object is wanted")]
    public async Task A_line_of_a_search_that_is_not_what_is_wanted_is_told_by_its_member(string line, string error) =>
        Assert.Equal(error, Error(await Desk.SearchAsync(line, TestContext.Current.CancellationToken)));

    [Theory]
    [InlineData("""{"question":5}""", "question must be a text")]
    [InlineData("""{"question":"x","model":{}}""", "model must be a text")]
    [InlineData("true", "the line is true or false; a JSON object is wanted")]
    public async Task A_line_of_a_question_that_is_not_what_is_wanted_is_told_by_its_member(string line, string error) =>
        Assert.Equal(error, Error(await Desk.AskAsync(line, TestContext.Current.CancellationToken)));

    [Theory]
    [InlineData("{")]
    [InlineData("x")]
    [InlineData("{\"query\":tru}")]
    public async Task A_line_that_is_no_JSON_is_told_with_the_place(string line)
    {
        var error = Error(await Desk.SearchAsync(line, TestContext.Current.CancellationToken));

        Assert.StartsWith("the line is not JSON: ", error, StringComparison.Ordinal);
        Assert.Contains("BytePositionInLine", error, StringComparison.Ordinal);
    }

    private static string Error(DeskAnswer answer)
    {
        Assert.True(answer.IsFault);
        return JsonElement.Parse(answer.Line).GetProperty("error").GetString()!;
    }
}
