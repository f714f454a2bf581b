using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

public sealed class CallHistoryTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Rome\"}"}}]}""", "", "{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Rome\"}}")]
    [InlineData("""{"role":"assistant","content":"Let me look.","tool_calls":[{"function":{"name":"a"}},{"function":{"name":"b","arguments":{"x":1}}}]}""", "Let me look.", "Let me look.\n{\"name\": \"a\", \"arguments\": {}}\n{\"name\": \"b\", \"arguments\": {\"x\":1}}")]
    [InlineData("""{"role":"assistant","content":"No calls.","tool_calls":[]}""", "No calls.", "No calls.")]
    [InlineData("""{"role":"assistant","content":"Odd.","tool_calls":[1,{"function":2},{"function":{"name":3}}]}""", "Odd.", "Odd.")]
    public void Calls_of_earlier_turns_become_text_of_their_message(string raw, string text, string wanted)
    {
        var message = new ChatMessage { Role = "assistant", Text = text, Raw = JsonSerializer.Deserialize<JsonElement>(raw) };
        Assert.Equal(wanted, CallHistory.Write(message, ToolFormat.None).Text);
    }

    [Fact]
    public void A_tool_loop_renders_with_a_template_that_knows_no_tools()
    {
        var template = ChatTemplate.Load("{% for message in messages %}{{ message['role'] + ': ' + message['content'] + ';' }}{% endfor %}");
        ChatMessage[] messages =
        [
            new() { Role = "user", Text = "Weather?" },
            new() { Role = "assistant", Text = "", Raw = JsonSerializer.Deserialize<JsonElement>("""{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"w","arguments":"{}"}}]}""") },
            new() { Role = "tool", Text = "sunny" },
        ];
        var chat = WholeChat.Render(template, new ChatRequest { Messages = messages }, new RenderSettings { Now = DateTimeOffset.UnixEpoch });
        Assert.Null(chat.Fault);
        Assert.Equal("user: Weather?;assistant: {\"name\": \"w\", \"arguments\": {}};tool: sunny;", chat.Text);
    }
}
