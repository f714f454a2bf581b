using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class AnswerFormsTests
{
    private const string Tools = """[{"type":"function","function":{"name":"restart","parameters":{"type":"object","additionalProperties":false,"required":["service"],"properties":{"service":{"type":"string","maxLength":20}}}}},{"type":"function","function":{"name":"stop"}}]""";

    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    [Theory]
    [InlineData(ToolFormat.OwnJson, "{\"name\": \"restart\", \"arguments\": {\"service\": ")]
    [InlineData(ToolFormat.Tagged, "<tool_call>\n{\"name\": \"restart\", \"arguments\": {\"service\": ")]
    [InlineData(ToolFormat.LlamaJson, "{\"name\": \"restart\", \"parameters\": {\"service\": ")]
    public void A_forced_call_can_be_nothing_else_and_is_read_back(ToolFormat format, string start)
    {
        var form = Form(Request(tools: Tools, choice: """{"type":"function","function":{"name":"restart"}}"""), format == ToolFormat.OwnJson ? ToolFormat.None : format);
        Assert.Null(form.Fault);
        Assert.Equal(format, form.Calls);
        for (var seed = 0; seed < 20; seed++)
        {
            var text = ConstraintWalk.Run(new TokenConstraint(form.Grammar!, Small), Small, new Random(seed));
            Assert.StartsWith(start.Replace(" ", "", StringComparison.Ordinal), text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            var (content, calls) = new ToolCallReader(form.Calls, isForced: true, form.ToolNames, i => $"c{i}").Take(text, isLast: true);
            Assert.Equal("", content);
            Assert.Equal(("restart", ""), (calls[0].Name, calls[0].Arguments));
            Assert.All(calls, c => Assert.Equal(0, c.Index));
            Assert.True(JsonSerializer.Deserialize<JsonElement>(string.Concat(calls.Select(c => c.Arguments))).TryGetProperty("service", out _));
        }
    }

    [Fact]
    public void A_required_call_may_be_of_any_tool()
    {
        var form = Form(Request(tools: Tools, choice: "\"required\""), ToolFormat.Tagged);
        var names = Enumerable.Range(0, 40).Select(seed => ConstraintWalk.Run(new TokenConstraint(form.Grammar!, Small), Small, new Random(seed)))
            .Select(text => new ToolCallReader(form.Calls, isForced: true, form.ToolNames, i => $"c{i}").Take(text, isLast: true).Calls[0].Name).Distinct();
        Assert.Equal(["restart", "stop"], names.Order());
    }

    [Fact]
    public void Any_of_128_tools_may_be_required()
    {
        var tools = "[" + string.Join(',', Enumerable.Range(0, 128).Select(i => $"{{\"type\":\"function\",\"function\":{{\"name\":\"tool_{i}\"}}}}")) + "]";
        var form = Form(Request(tools: tools, choice: "\"required\""), ToolFormat.Tagged);
        Assert.Null(form.Fault);
        var names = Enumerable.Range(0, 60).Select(seed => ConstraintWalk.Run(new TokenConstraint(form.Grammar!, Small), Small, new Random(seed)))
            .Select(text => new ToolCallReader(form.Calls, isForced: true, form.ToolNames, i => $"c{i}").Take(text, isLast: true).Calls[0].Name).Distinct().ToList();
        Assert.All(names, name => Assert.Matches("^tool_([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])$", name));
        Assert.InRange(names.Count, 10, 60);
    }

    [Fact]
    public void A_template_without_tools_gets_ours_for_a_forced_call_and_refuses_auto()
    {
        var forced = Form(Request(tools: Tools, choice: "\"required\""), ToolFormat.None);
        Assert.True(forced.HidesTools);
        Assert.Equal("system", forced.Request.Messages[0].Role);
        Assert.Contains("restart", forced.Request.Messages[0].Text, StringComparison.Ordinal);
        Assert.Equal("tools", Form(Request(tools: Tools), ToolFormat.None).Param);
        Assert.Contains("cannot be used with tools: the reason; name one", Form(Request(tools: Tools), ToolFormat.None, "the reason").Fault, StringComparison.Ordinal);
        Assert.Null(Form(Request(tools: Tools, choice: "\"none\""), ToolFormat.None).Fault);
        Assert.Null(Form(Request(tools: Tools), ToolFormat.Tagged).Grammar);
    }

    [Theory]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"object\",\"minProperties\":1}}}", null, null, "the keyword 'minProperties' is not enforced", "response_format")]
    [InlineData("{\"type\":\"json_schema\"}", null, null, "response_format.json_schema.schema is missing", "response_format")]
    [InlineData("{\"type\":\"grammar\"}", null, null, "response_format.type is 'grammar'", "response_format")]
    [InlineData(null, Tools, "{\"type\":\"function\",\"function\":{\"name\":\"fly\"}}", "tool_choice names 'fly'", "tool_choice")]
    [InlineData(null, null, "\"required\"", "there are no tools", "tool_choice")]
    [InlineData(null, "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"not\":{}}}}]", "\"required\"", "the keyword 'not' is not enforced", "tools")]
    [InlineData(null, "[1]", null, "tools[0] must be a function with a name", "tools")]
    [InlineData(null, "[{\"type\":\"function\",\"function\":{\"name\":\"\"}}]", null, "tools[0] must be a function with a name", "tools")]
    [InlineData(null, "[{\"type\":\"custom\",\"function\":{\"name\":\"f\"}}]", null, "tools[0].type must be function", "tools")]
    [InlineData(null, "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":5}}]", null, "tools[0].function.parameters must be the schema of an object", "tools")]
    [InlineData(null, "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":5}}]", null, "tools[0].function.description must be a string", "tools")]
    [InlineData(null, "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"string\"}}}]", "\"required\"", "the parameters of 'f' must be the schema of an object", "tools")]
    [InlineData("{\"type\":\"json_object\",\"schema\":{\"type\":\"string\"}}", null, null, "must be the schema of an object", "response_format")]
    [InlineData("{\"type\":\"json_object\"}", Tools, null, "together are not supported", "response_format")]
    public void A_form_that_cannot_be_kept_is_refused_with_the_member(string? format, string? tools, string? choice, string message, string param)
    {
        var form = Form(Request(format, tools, choice), ToolFormat.Tagged);
        Assert.Contains(message, form.Fault, StringComparison.Ordinal);
        Assert.Equal(param, form.Param);
    }

    [Fact]
    public void Without_a_wish_the_answer_is_free()
    {
        var form = Form(Request(), ToolFormat.Tagged);
        Assert.Null(form.Grammar);
        Assert.Equal(ToolFormat.None, form.Calls);
        Assert.NotNull(Form(Request("""{"type":"json_object"}"""), ToolFormat.None).Grammar);
    }

    private static AnswerForm Form(ChatRequest request, ToolFormat format, string? toolsFault = null) => AnswerForms.Of(request, format, Small.Tokenizer.Writable, toolsFault);

    private static ChatRequest Request(string? format = null, string? tools = null, string? choice = null) => new()
    {
        Messages = [new() { Role = "user", Text = "u" }],
        ResponseFormat = Element(format),
        Tools = Element(tools),
        ToolChoice = Element(choice),
    };

    private static JsonElement? Element(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}
