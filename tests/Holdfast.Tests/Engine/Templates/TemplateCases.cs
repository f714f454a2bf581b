using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

/// <summary>Requests as data, in the shape that both our renderer and a reference take.</summary>
internal static class TemplateCases
{
    public static readonly DateTimeOffset Now = new(2026, 3, 7, 13, 5, 9, TimeSpan.Zero);

    private const string Weather = """
        {"type":"function","function":{"name":"get_weather","description":"Weather of a \"place\" <b>now</b> – à jour","parameters":{"type":"object","properties":{"city":{"type":"string","description":"The city"},"days":{"type":"integer","enum":[1,2,3]}},"required":["city"]}}}
        """;

    private const string Search = """
        {"type":"function","function":{"name":"search","description":"Search","parameters":{"type":"object","properties":{"query":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}}},"required":[]}}}
        """;

    public static readonly IReadOnlyDictionary<string, string> Json = new Dictionary<string, string>
    {
        ["user"] = """{"messages":[{"role":"user","content":"Hello, \"world\" <b> é 😀"}]}""",
        ["system"] = """{"messages":[{"role":"system","content":"  Be brief.\n"},{"role":"user","content":"Hi"}]}""",
        ["turns"] = """{"messages":[{"role":"system","content":"S"},{"role":"user","content":" a "},{"role":"assistant","content":"b\n"},{"role":"user","content":"c"},{"role":"assistant","content":"<think>\nhm\n</think>\n\nd"},{"role":"user","content":"e"}]}""",
        ["no prompt"] = """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"add_generation_prompt":false}""",
        ["not thinking"] = """{"messages":[{"role":"user","content":"a"}],"enable_thinking":false}""",
        ["tools"] = "{\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Weather?\"}],\"tools\":[" + Weather + "," + Search + "]}",
        ["tools, no system"] = "{\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"}],\"tools\":[" + Weather + "]}",
        ["called"] = "{\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call00001\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Zürich\",\"days\":2}}}]},{\"role\":\"tool\",\"tool_call_id\":\"call00001\",\"name\":\"get_weather\",\"content\":\"{\\\"t\\\": 12.5}\"},{\"role\":\"assistant\",\"content\":\"It is 12.5.\"},{\"role\":\"user\",\"content\":\"Thanks\"}],\"tools\":[" + Weather + "]}",
        ["called, empty"] = "{\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call00001\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Zürich\",\"days\":2}}}]},{\"role\":\"tool\",\"tool_call_id\":\"call00001\",\"name\":\"get_weather\",\"content\":\"{\\\"t\\\": 12.5}\"},{\"role\":\"assistant\",\"content\":\"It is 12.5.\"},{\"role\":\"user\",\"content\":\"Thanks\"}],\"tools\":[" + Weather + "]}",
        ["called, no tools"] = "{\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call00001\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Zürich\",\"days\":2}}}]},{\"role\":\"tool\",\"tool_call_id\":\"call00001\",\"name\":\"get_weather\",\"content\":\"{\\\"t\\\": 12.5}\"},{\"role\":\"assistant\",\"content\":\"It is 12.5.\"},{\"role\":\"user\",\"content\":\"Thanks\"}]}",
    };

    public static ChatRequest Request(JsonElement context)
    {
        var known = new[] { "messages", "tools", "add_generation_prompt" };
        var more = context.EnumerateObject().Where(p => !known.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value);
        return new ChatRequest
        {
            Messages = [.. context.GetProperty("messages").EnumerateArray().Select(Message)],
            Tools = context.TryGetProperty("tools", out var tools) ? tools : null,
            ChatTemplateKwargs = JsonSerializer.SerializeToElement(more),
        };
    }

    public static RenderSettings Settings(JsonElement context) => new()
    {
        Now = Now,
        BosToken = "<bos>",
        EosToken = "<eos>",
        AddsGenerationPrompt = !context.TryGetProperty("add_generation_prompt", out var adds) || adds.GetBoolean(),
    };

    private static ChatMessage Message(JsonElement raw) => new()
    {
        Role = raw.GetProperty("role").GetString()!,
        Text = raw.GetProperty("content").GetString() ?? "",
        Raw = raw,
    };
}
