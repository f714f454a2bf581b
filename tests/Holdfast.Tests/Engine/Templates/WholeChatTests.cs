using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

public sealed class WholeChatTests
{
    private static readonly RenderSettings Settings = new() { Now = TemplateCases.Now, BosToken = "<s>", EosToken = "</s>" };

    // Mistral's way: a system's message at the start alone, users and assistants in turn, calls and results between them, ids of nine characters.
    private const string Mistral = """
        {%- if messages[0].role == 'system' %}[S]{{ messages[0].content }}{% set rest = messages[1:] %}{% else %}{% set rest = messages %}{% endif %}
        {%- set ns = namespace(n=0) %}
        {%- for m in rest %}{% if m.role in ['user', 'system', 'developer', 'assistant'] and not m.tool_calls %}
        {%- if (m.role == 'user') != (ns.n % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% set ns.n = ns.n + 1 %}{% endif %}{% endfor %}
        {%- for m in rest %}
        {%- if m.role == 'user' %}[U]{{ m.content }}{% elif m.role == 'tool' %}{% if m.tool_call_id | length != 9 %}{{ raise_exception('ids of length 9') }}{% endif %}[R {{ m.tool_call_id }}]{{ m.content }}
        {%- elif m.tool_calls %}{% for c in m.tool_calls %}{% if c.id | length != 9 %}{{ raise_exception('ids of length 9') }}{% endif %}[C {{ c.id }}]{{ c.function | tojson }}{% endfor %}
        {%- elif m.role == 'assistant' %}[A]{{ m.content }}{% endif %}{% endfor %}
        """;

    // Zephyr's way: what it does not know leaves nothing. Gemma's refuses the system's message.
    private const string UserAssistant = "{% for m in messages %}{% if m.role in ['user', 'assistant'] %}<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}";
    private const string Zephyr = "{% for m in messages %}{% if m.role in ['user', 'system', 'assistant'] %}<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}";
    private const string Gemma = "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" + Alternating;
    private const string Alternating = "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}";

    private const string Call = """{"role":"assistant","content":"","tool_calls":[{"id":"ID","type":"function","function":{"name":"w","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"ID","content":"sunny"}""";

    [Theory]
    [InlineData(Mistral, "call00001", "[U]Weather?[C call00001]{\"name\": \"w\", \"arguments\": {}}[R call00001]sunny[A]Sunny.[U]Thanks")]
    [InlineData(Mistral, "call_01M8AG_0_0", "[U]Weather?[C 5988ecfb2]{\"name\": \"w\", \"arguments\": {}}[R 5988ecfb2]sunny[A]Sunny.[U]Thanks")]
    [InlineData(Zephyr, "a", "<user>Weather?<assistant>{\"name\": \"w\", \"arguments\": {}}<user>Result of w: sunny<assistant>Sunny.<user>Thanks")]
    [InlineData("{% if tools %}<tool_call></tool_call> arguments{% endif %}" + Zephyr, "a", "<user>Weather?<assistant><tool_call>\n{\"name\": \"w\", \"arguments\": {}}\n</tool_call><user>Result of w: sunny<assistant>Sunny.<user>Thanks")]
    [InlineData(Alternating, "a", "<user>Weather?<assistant>{\"name\": \"w\", \"arguments\": {}}<user>Result of w: sunny<assistant>Sunny.<user>Thanks")]
    public void A_finished_loop_of_calls_is_shown_in_the_templates_own_way_where_it_has_one(string source, string id, string wanted) =>
        AssertShown(source, wanted, """{"role":"user","content":"Weather?"}""", Call.Replace("ID", id, StringComparison.Ordinal), Result.Replace("ID", id, StringComparison.Ordinal), """{"role":"assistant","content":"Sunny."}""", """{"role":"user","content":"Thanks"}""");

    [Theory]
    [InlineData(Mistral, "[S]Be brief.[U]a[A]b[U]Passages.\n\nc")]
    [InlineData(Zephyr, "<system>Be brief.<user>a<assistant>b<system>Passages.<user>c")]
    [InlineData(UserAssistant, "<user>Be brief.\n\na<assistant>b<user>Passages.\n\nc")]
    [InlineData(Gemma, "<user>Be brief.\n\na<assistant>b<user>Passages.\n\nc")]
    [InlineData(Alternating, "<user>Be brief.\n\na<assistant>b<user>Passages.\n\nc")]
    public void A_systems_message_that_a_template_does_not_take_stands_in_front_of_the_users_text(string source, string wanted) =>
        AssertShown(source, wanted, """{"role":"system","content":"Be brief."}""", """{"role":"user","content":"a"}""", """{"role":"assistant","content":"b"}""", """{"role":"system","content":"Passages."}""", """{"role":"user","content":"c"}""");

    [Theory]
    [InlineData(UserAssistant, "<user>s\n\nd\n\nu")]
    [InlineData(Mistral, "[S]s[U]d\n\nu")]
    public void Several_messages_of_the_system_keep_their_order(string source, string wanted) =>
        AssertShown(source, wanted, """{"role":"system","content":"s"}""", """{"role":"developer","content":"d"}""", """{"role":"user","content":"u"}""");

    [Fact]
    public void The_tools_of_a_forced_call_reach_a_template_that_knows_no_system()
    {
        var request = ToolDefinitions.Describe(Chat("""{"role":"user","content":"u"}"""), [new ToolDefinition("w", "Weather", null)]);
        Assert.EndsWith("- w: Weather\n\nu", WholeChat.Render(ChatTemplate.Load(UserAssistant), request, Settings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_way_is_taken_the_fault_of_what_was_sent_is_told()
    {
        var chat = WholeChat.Render(ChatTemplate.Load(Gemma), Chat("""{"role":"system","content":"s"}""", """{"role":"assistant","content":"a"}""", """{"role":"assistant","content":"b"}"""), Settings);
        Assert.Equal("the chat template refuses these messages: System role not supported", chat.Fault);
    }

    [Fact]
    public void A_template_that_does_not_end_is_tried_once()
    {
        var template = ChatTemplate.Load("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
        var chat = WholeChat.Render(template, Chat("""{"role":"system","content":"s"}""", Call, Result), Settings);
        Assert.True(chat.IsOverLimit, chat.Fault);
    }

    [Fact]
    public void A_question_that_a_template_passes_over_is_refused_and_an_earlier_turn_may_be_dropped()
    {
        Assert.StartsWith("the chat template leaves the message of the role 'user' out", WholeChat.Render(ChatTemplate.Load("{{ 'x' }}"), Chat("""{"role":"user","content":"u"}"""), Settings).Fault, StringComparison.Ordinal);
        AssertShown("{{ messages[-1].content }}", "c", """{"role":"user","content":"a"}""", """{"role":"assistant","content":"b"}""", """{"role":"user","content":"c"}""");
    }

    [Fact]
    public void A_tool_without_parameters_or_description_is_shown_to_a_template_that_asks_for_them()
    {
        var request = Chat("""{"role":"user","content":"u"}""") with { Tools = JsonSerializer.Deserialize<JsonElement>("""[{"type":"function","function":{"name":"f"}}]""") };
        const string Source = "{% for t in tools %}{{ t.function.name }} {{ t.function.parameters | tojson }};{% endfor %}{{ messages[0].content }}";
        Assert.Equal("f {\"type\": \"object\", \"properties\": {}};u", WholeChat.Render(ChatTemplate.Load(Source), request, Settings).Text);
        Assert.Equal("f!u", WholeChat.Render(ChatTemplate.Load("{{ tools[0].function.name + tools[0].function.description + '!' }}{{ messages[0].content }}"), request, Settings).Text);
        Assert.Equal("fu", WholeChat.Render(ChatTemplate.Load("{{ tools[0].function.name }}{{ tools[0].function.parameters }}{{ messages[0].content }}"), request, Settings).Text);
    }

    // Qwen3's way: a role that it does not know leaves nothing.
    private const string Known = "{% for m in messages %}{% if m.role in ['system', 'user'] %}{{ m.role }}: {{ m.content | trim | tojson }};{% endif %}{% endfor %}";

    [Fact]
    public void A_developers_message_that_a_template_passes_over_is_shown_as_the_systems()
    {
        ChatMessage[] messages = [new() { Role = "developer", Text = " Be \"brief\".\n" }, new() { Role = "user", Text = "Hi" }];
        var chat = WholeChat.Render(ChatTemplate.Load(Known), new ChatRequest { Messages = messages }, Settings);
        Assert.Null(chat.Fault);
        Assert.Equal("system: \"Be \\\"brief\\\".\";user: \"Hi\";", chat.Text);

        var own = WholeChat.Render(ChatTemplate.Load("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"), new ChatRequest { Messages = messages }, Settings);
        Assert.Equal("<developer> Be \"brief\".\n<user>Hi", own.Text);

        const string Strict = "{% for m in messages %}{% if m.role not in ['system', 'user'] %}{{ raise_exception('no ' + m.role) }}{% endif %}{{ m.content }}{% endfor %}";
        Assert.Equal(" Be \"brief\".\nHi", WholeChat.Render(ChatTemplate.Load(Strict), new ChatRequest { Messages = messages }, Settings).Text);
    }

    [Fact]
    public void A_message_of_an_unknown_role_is_refused_by_name_rather_than_lost()
    {
        ChatMessage[] messages = [new() { Role = "user", Text = "Hi" }, new() { Role = "boss", Text = "Hi" }];
        var chat = WholeChat.Render(ChatTemplate.Load(Known), new ChatRequest { Messages = messages }, Settings);
        Assert.StartsWith("the chat template leaves the message of the role 'boss' out", chat.Fault, StringComparison.Ordinal);
        Assert.Null(WholeChat.Render(ChatTemplate.Load(Known), new ChatRequest { Messages = [messages[0], messages[1] with { Text = " " }] }, Settings).Fault);
        Assert.Equal("HiHI", WholeChat.Render(ChatTemplate.Load("{{ messages[0].content }}{{ messages[1].content | upper }}"), new ChatRequest { Messages = messages }, Settings).Text);
    }

    private static void AssertShown(string source, string wanted, params string[] messages)
    {
        var chat = WholeChat.Render(ChatTemplate.Load(source), Chat(messages), Settings);
        Assert.Null(chat.Fault);
        Assert.Equal(wanted, chat.Text);
    }

    private static ChatRequest Chat(params string[] messages) => new() { Messages = [.. messages.Select(Message)] };

    private static ChatMessage Message(string json)
    {
        var raw = JsonSerializer.Deserialize<JsonElement>(json);
        return new ChatMessage { Role = raw.GetProperty("role").GetString()!, Text = raw.GetProperty("content").GetString()!, Raw = raw };
    }
}
