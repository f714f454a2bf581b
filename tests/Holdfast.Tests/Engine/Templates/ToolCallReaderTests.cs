using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

public sealed class ToolCallReaderTests
{
    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "", "f {\"a\": 1}")]
    [InlineData("Sure.\n<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>\n<tool_call>{\"name\": \"g\"}</tool_call>", "Sure.\n", "f {}|g {}")]
    [InlineData("a <tool_call>nonsense</tool_call> b", "a <tool_call>nonsense</tool_call> b", "")]
    [InlineData("a <tool_", "a <tool_", "")]
    [InlineData("a <tool_call>{\"name\"", "a <tool_call>{\"name\"", "")]
    [InlineData("plain text", "plain text", "")]
    public void Calls_in_tags_are_taken_out_however_the_text_is_cut(string text, string content, string calls) => AssertRead(ToolFormat.Tagged, text, content, calls);

    [Theory]
    [InlineData("{\"name\": \"f\", \"parameters\": {\"a\": \"b\"}}", "", "f {\"a\": \"b\"}")]
    [InlineData("{\"answer\": 1}", "{\"answer\": 1}", "")]
    [InlineData("Hello {\"name\": \"f\"}", "Hello {\"name\": \"f\"}", "")]
    [InlineData("{\"name\": ", "{\"name\": ", "")]
    public void A_whole_answer_that_is_a_call_is_one(string text, string content, string calls) => AssertRead(ToolFormat.LlamaJson, text, content, calls);

    [Fact]
    public void Without_tools_nothing_is_held_back() => Assert.Equal("<tool_call>", new ToolCallReader(ToolFormat.None, Id).Take("<tool_call>", isLast: false).Content);

    private static string Id(int number) => $"call_{number}";

    private static void AssertRead(ToolFormat format, string text, string content, string calls)
    {
        Gen.Int[1, 8].List[1, 12].Sample(sizes =>
        {
            var reader = new ToolCallReader(format, Id);
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
            Assert.Equal(calls, string.Join('|', read.Select(c => $"{c.Name} {c.Arguments}")));
            Assert.Equal(read.Select((_, i) => $"call_{i}"), read.Select(c => c.Id));
            Assert.Equal(read.Count > 0, reader.HasCalls);
        });
    }
}
