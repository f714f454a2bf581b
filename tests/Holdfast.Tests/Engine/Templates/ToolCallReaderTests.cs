using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

public sealed class ToolCallReaderTests
{
    private static readonly string[] Offered = ["f", "g"];

    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "", "f {\"a\": 1}")]
    [InlineData("Sure.\n<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>\n<tool_call>{\"name\": \"g\"}</tool_call>", "Sure.\n", "f {}|g {}")]
    [InlineData("a <tool_call>nonsense</tool_call> b", "a <tool_call>nonsense</tool_call> b", "")]
    [InlineData("a <tool_", "a <tool_", "")]
    [InlineData("a <tool_call>{\"name\"", "a <tool_call>{\"name\"", "")]
    [InlineData("plain text", "plain text", "")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call> \\\"}{\"}}</tool_call> b", " b", "f {\"a\": \"</tool_call> \\\"}{\"}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"b}\n</tool_call>c", "c", "f {\"a\": \"b}\n")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": [1, {", "", "f {\"a\": [1, {")]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n{\"name\": \"g\", \"arguments\": {\"b\": \"</tool_call>}\"}}\n</tool_call> b", " b", "f {\"a\": 1}|g {\"b\": \"</tool_call>}\"}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {}}{\"name\": \"g\", \"arguments\": {}}", "", "f {}|g {}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {}}{\"name\": \"h\", \"arguments\": {}}</tool_call>", "<tool_call>{\"name\": \"h\", \"arguments\": {}}</tool_call>", "f {}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {}, \"id\": {\"a\": 1}}</tool_call>", "", "f {}")]
    [InlineData("<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"f\"}</tool_call>", "", "f {\"a\": 1}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": \"{}\"}</tool_call>", "", "f {}")]
    [InlineData("<tool_call>{\"name\": \"\\q\", \"arguments\": {}}</tool_call>", "<tool_call>{\"name\": \"\\q\", \"arguments\": {}}</tool_call>", "")]
    [InlineData("<tool_call>{\"name\": \"h\", \"arguments\": {}}</tool_call> b", "<tool_call>{\"name\": \"h\", \"arguments\": {}}</tool_call> b", "")]
    [InlineData("<tool_call>{\"name\": \"h\"}</tool_call><tool_call>{\"name\": \"f\"}</tool_call>", "<tool_call>{\"name\": \"h\"}</tool_call>", "f {}")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": [1]}</tool_call>", "<tool_call>{\"name\": \"f\", \"arguments\": [1]}</tool_call>", "")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": \"x\"}</tool_call>", "<tool_call>{\"name\": \"f\", \"arguments\": \"x\"}</tool_call>", "")]
    public void Calls_in_tags_are_taken_out_however_the_text_is_cut(string text, string content, string calls) => AssertRead(ToolFormat.Tagged, text, content, calls);

    [Theory]
    [InlineData("{\"name\": \"f\", \"parameters\": {\"a\": \"b\"}}", "", "f {\"a\": \"b\"}")]
    [InlineData("{\"type\": \"function\", \"name\": \"f\", \"arguments\": {}}", "", "f {}")]
    [InlineData("{\"name\": \"Ann\", \"age\": 30}", "{\"name\": \"Ann\", \"age\": 30}", "")]
    [InlineData("{\"name\": \"Ann\", \"parameters\": {}}", "{\"name\": \"Ann\", \"parameters\": {}}", "")]
    [InlineData("{\"name\": \"f\", \"age\": 30}", "{\"name\": \"f\", \"age\": 30}", "")]
    [InlineData("{\"name\": \"f\", \"parameters\": null}", "{\"name\": \"f\", \"parameters\": null}", "")]
    [InlineData("{\"answer\": 1}", "{\"answer\": 1}", "")]
    [InlineData("Hello {\"name\": \"f\"}", "Hello {\"name\": \"f\"}", "")]
    [InlineData("{\"name\": ", "{\"name\": ", "")]
    public void A_whole_answer_that_is_a_call_is_one(string text, string content, string calls) => AssertRead(ToolFormat.LlamaJson, text, content, calls);

    [Fact]
    public void A_certain_call_gives_its_name_first_and_then_the_arguments_as_they_come()
    {
        string[] pieces = ["<tool_call>\n{\"name\": \"f\", \"argu", "ments\": {\"a", "\": 1", "}", "}\n</tool_call>"];
        foreach (var (format, isForced, first) in new[] { (ToolFormat.Tagged, false, pieces[0]), (ToolFormat.OwnJson, true, pieces[0][12..]) })
        {
            var reader = new ToolCallReader(format, isForced, Offered, Id);
            var read = pieces.Select((p, i) => reader.Take(i == 0 ? first : p, isLast: i == 4)).ToList();
            Assert.All(read, r => Assert.Equal("", r.Content));
            Assert.Equal(
                [new(0, "call_0", "f", ""), new(0, null, null, "{\"a"), new(0, null, null, "\": 1"), new(0, null, null, "}")], read.SelectMany(r => r.Calls));
            Assert.Equal([0, 2, 1, 1, 0], read.Select(r => r.Calls.Count));
        }
    }

    [Fact]
    public void A_whole_answer_that_may_still_be_text_is_held_back()
    {
        var reader = new ToolCallReader(ToolFormat.LlamaJson, isForced: false, Offered, Id);
        Assert.Equal(("", 0), (reader.Take("{\"name\": \"f\", \"parameters\": {}}", isLast: false).Content, reader.Take("", isLast: false).Calls.Count));
        Assert.Equal("{\"name\": \"f\", \"parameters\": {}} is how", reader.Take(" is how", isLast: true).Content);
        Assert.False(reader.HasCalls);
    }

    [Fact]
    public void Without_tools_nothing_is_held_back() => Assert.Equal("<tool_call>", new ToolCallReader(ToolFormat.None, isForced: false, Offered, Id).Take("<tool_call>", isLast: false).Content);

    private static string Id(int number) => $"call_{number}";

    private static void AssertRead(ToolFormat format, string text, string content, string calls)
    {
        Gen.Int[1, 8].List[1, 12].Sample(sizes =>
        {
            var reader = new ToolCallReader(format, isForced: false, Offered, Id);
            var read = new List<ToolCallDelta>();
            var got = "";
            var at = 0;
            for (var i = 0; at < text.Length; i++)
            {
                var end = Math.Min(text.Length, at + sizes[i % sizes.Count]);
                var (part, found) = reader.Take(text[at..end], isLast: false);
                got += part;
                read.AddRange(found);
                at = end;
            }

            var (rest, last) = reader.Take("", isLast: true);
            got += rest;
            read.AddRange(last);
            Assert.Equal(content, got);
            var joined = read.GroupBy(c => c.Index).ToList();
            Assert.Equal(calls, string.Join('|', joined.Select(c => $"{c.First().Name} {string.Concat(c.Select(d => d.Arguments))}")));
            Assert.Equal(joined.Select((_, i) => $"call_{i}"), read.Select(c => c.Id).OfType<string>());
            Assert.Equal(read.Count > 0, reader.HasCalls);
        });
    }
}
