using System.Text;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Tests.Documents;

public sealed class RecordReaderTests
{
    [Fact]
    public void A_csv_row_is_one_line_with_the_names_of_its_columns()
    {
        DocumentText document = SampleReader.Good("a.csv", "code,meaning,remedy\r\nE-17,\"pump says \"\"stop\"\"\nand stops\",\"wait, then restart\"\r\nE-18,,none\r\n");
        Assert.Equal("code | meaning | remedy\ncode: E-17 | meaning: pump says \"stop\" and stops | remedy: wait, then restart\ncode: E-18 | remedy: none", document.Text);
        Assert.Equal("text/csv", document.MediaType);
    }

    [Theory]
    [InlineData("a;b\n1,5;2\n", "a | b\na: 1,5 | b: 2")]
    [InlineData("a\tb\n1\t2\n", "a | b\na: 1 | b: 2")]
    [InlineData("1,2\n3,4\n", "1 | 2\n3 | 4")]
    [InlineData("a,b\n\"open,1\n2,3", "a | b\na: open,1 2,3")]
    public void Delimiters_and_heads_are_found(string csv, string expected) => Assert.Equal(expected, SampleReader.Good("a.csv", csv).Text);

    [Fact]
    public void Json_lines_give_their_titles_and_texts()
    {
        DocumentText document = SampleReader.Good("a.jsonl", """
            {"title":"Restart","text":"Press start.\n\nThen wait."}
            {"heading":"Stop","content":"Press stop."}

            {"code":17,"remedy":"wait"}
            """);
        Assert.Equal("Restart\n\nPress start.\n\nThen wait.\n\nStop\n\nPress stop.\n\ncode: 17\nremedy: wait", document.Text);
        Assert.Equal(2, document.Headings.Count);
        Assert.Equal("a", document.Title);
    }

    [Fact]
    public void A_bad_json_line_is_named()
    {
        string line = SampleReader.Refused("a.jsonl", Encoding.UTF8.GetBytes("{\"text\":\"good\"}\n{\"text\":\n"));
        Assert.StartsWith("is no JSON Lines: line 2 is no JSON (byte ", line, StringComparison.Ordinal);
        Assert.EndsWith("write one JSON object on each line", line, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_line_in_many_is_counted()
    {
        string good = string.Concat(Enumerable.Repeat("{\"text\":\"good\"}\n", 200));
        Assert.Equal(1, SampleReader.Count(SampleReader.Good("a.jsonl", good + "{cut"), "bad-record"));
    }
}
