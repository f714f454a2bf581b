using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

/// <summary>
/// The chat templates of real models against two references: Jinja itself, set up as Hugging Face does, and @huggingface/jinja.
/// Where the two differ either will do. Needs HOLDFAST_LLAMA_CPP, a checkout of llama.cpp; HOLDFAST_PEER_MODULES, a node_modules
/// folder with @huggingface/jinja; and HOLDFAST_PEER_PYTHON, a Python that has jinja2.
/// </summary>
public sealed class PeerTemplateTests
{
    private static readonly HashSet<string> BothRefuse =
    [
        // Both print or join a mapping where the model expects text; here the arguments then go in as JSON text.
        "deepseek-ai-DeepSeek-R1-Distill-Llama-8B / called",
        "meetkai-functionary-medium-v3.2 / called",
        "meetkai-functionary-medium-v3.2 / called, empty",
        "meetkai-functionary-medium-v3.2 / called, no tools",
    ];

    /// <summary>They refuse the system's message, or leave calls or their results out: such chats are shown to them in another way.</summary>
    private static readonly HashSet<string> Rearranged =
    [
        "HuggingFaceTB-SmolLM3-3B", "LFM2-8B-A1B", "LFM2.5-Instruct", "deepseek-ai-DeepSeek-R1-Distill-Llama-8B",
        "google-gemma-2-2b-it", "ibm-granite-granite-3.3-2B-Instruct", "llama-cpp-rwkv-world", "microsoft-Phi-3.5-mini-instruct",
    ];

    [Fact]
    public void Real_templates_render_as_the_reference_renders_them()
    {
        var (folder, index, python) = Peer();
        var sources = Directory.GetFiles(folder, "*.jinja").Order(StringComparer.Ordinal).ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText);
        using var input = Input(sources);
        var expected = Run("node", [Fixture("oracle.mjs"), index, input.Path]);
        var second = Run(python, [Fixture("oracle.py"), input.Path]);
        var (compared, differ, refusals) = (0, new StringBuilder(), new StringBuilder());
        foreach (var (name, source) in sources)
        {
            ChatTemplate template;
            try
            {
                template = ChatTemplate.Load(source);
            }
            catch (TemplateException fault)
            {
                differ.AppendLine(CultureInfo.InvariantCulture, $"{name}: {fault.Message}");
                continue;
            }

            refusals.Append(template.ToolsFault is null ? "" : $"{name}: {template.ToolsFault}\n");
            foreach (var (id, json) in TemplateCases.Json)
            {
                using var context = JsonDocument.Parse(json);
                var (request, settings) = (TemplateCases.Request(context.RootElement), TemplateCases.Settings(context.RootElement));
                var own = template.Render(request, settings);
                differ.Append(ServedFault(name, request, own, WholeChat.Render(template, request, settings)) is { } wrong ? $"--- {name} / {id}: {wrong}\n" : "");
                compared++;
                var wanted = new[] { expected, second }.Select(e => e.GetProperty(name).GetProperty(id)).ToArray();
                var texts = wanted.Select(TextOf).ToArray();
                if (!Accepted(texts, [.. new[] { expected, second }.Select(e => TextOf(e.GetProperty(name).GetProperty(id == "called" ? "called, empty" : id)))]).Contains(own.Fault is null ? own.Text : null) && !BothRefuse.Contains($"{name} / {id}"))
                {
                    differ.AppendLine(CultureInfo.InvariantCulture, $"--- {name} / {id}: own {own.Fault ?? Around(own.Text, texts[1] ?? texts[0])}");
                    differ.AppendLine(CultureInfo.InvariantCulture, $"    JavaScript {(texts[0] is null ? wanted[0].GetProperty("fault").GetString() : Around(texts[0]!, own.Text))}");
                    differ.AppendLine(CultureInfo.InvariantCulture, $"    Jinja {(texts[1] is null ? wanted[1].GetProperty("fault").GetString() : Around(texts[1]!, own.Text))}");
                }
            }
        }

        Assert.True(compared >= 500, $"{compared} compared");
        Assert.True(differ.Length == 0, differ.ToString() + refusals);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Weather?"},{"role":"assistant","content":"Where?"},{"role":"system","content":"Passages."},{"role":"user","content":"Rome"}]}""")]
    [InlineData("""{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Weather?"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"sunny"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Weather?"}],"tools":[{"type":"function","function":{"name":"get_weather","description":"Weather"}}]}""")]
    public void Real_templates_take_every_text(string json)
    {
        var checkout = Environment.GetEnvironmentVariable("HOLDFAST_LLAMA_CPP");
        Assert.SkipWhen(checkout is null, "HOLDFAST_LLAMA_CPP is not set");
        var context = JsonSerializer.Deserialize<JsonElement>(json);
        var request = TemplateCases.Request(context);
        var texts = request.Messages.Where(m => m.Role != "assistant").Select(m => m.Text).ToList();

        // A few take no chat at all without tools, or without an argument of their own.
        var plain = Concessions.Make(request) with { Messages = [new ChatMessage { Role = "user", Text = "Hi" }] };
        var wrong = Directory.GetFiles(Path.Combine(checkout!, "models", "templates"), "*.jinja").Order(StringComparer.Ordinal).Select(file =>
        {
            var (template, settings) = (ChatTemplate.Load(File.ReadAllText(file)), TemplateCases.Settings(context));
            var chat = WholeChat.Render(template, request, settings);
            return (Name: Path.GetFileName(file), Fault: template.Render(plain, settings).Fault is not null ? null : chat.Fault ?? texts.Find(t => !chat.Text.Contains(t, StringComparison.Ordinal)));
        });
        var faults = string.Join('\n', wrong.Where(w => w.Fault is not null).Select(w => $"{w.Name}: {w.Fault}"));
        Assert.True(faults.Length == 0, faults);
    }

    /// <summary>What is wrong with a prompt that is served: it is what the template gives, unless that is nothing or lacks a text.</summary>
    private static string? ServedFault(string name, ChatRequest request, RenderedChat own, RenderedChat served)
    {
        if (served.Fault == own.Fault && served.Text == own.Text)
        {
            return null;
        }

        var texts = request.Messages.Where(m => m.Role != "assistant").Select(m => m.Text.Trim());
        var calls = request.Messages.Any(m => CallHistory.Calls(m) is not null) ? new[] { "get_weather", "Zürich" } : [];
        return !Rearranged.Contains(name) ? $"served is {served.Fault ?? Around(served.Text, own.Text)}"
            : served.Fault ?? texts.Concat(calls).Where(t => !served.Text.Contains(t, StringComparison.Ordinal)).Select(t => $"'{t}' is not served").FirstOrDefault();
    }

    private static string? TextOf(JsonElement result) => result.TryGetProperty("text", out var text) ? text.GetString() : null;

    /// <summary>The references' texts; those with an empty content where both fail on none; a refusal only where there is no text at all.</summary>
    private static string?[] Accepted(string?[] texts, string?[] withEmptyContent) =>
        texts.Any(t => t is not null) ? [.. texts.Where(t => t is not null)]
        : withEmptyContent.Any(t => t is not null) ? [.. withEmptyContent.Where(t => t is not null)]
        : [null];

    private static string Around(string text, string? other)
    {
        var at = 0;
        while (other is not null && at < text.Length && at < other.Length && text[at] == other[at])
        {
            at++;
        }

        var start = Math.Max(0, at - 60);
        return text[start..Math.Min(text.Length, at + 80)].Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private static (string Folder, string Index, string Python) Peer()
    {
        var checkout = Environment.GetEnvironmentVariable("HOLDFAST_LLAMA_CPP");
        var modules = Environment.GetEnvironmentVariable("HOLDFAST_PEER_MODULES");
        var python = Environment.GetEnvironmentVariable("HOLDFAST_PEER_PYTHON");
        if (checkout is null || modules is null || python is null)
        {
            Assert.Skip("HOLDFAST_LLAMA_CPP, HOLDFAST_PEER_MODULES and HOLDFAST_PEER_PYTHON are not set");
        }

        return (Path.Combine(checkout, "models", "templates"), Path.Combine(modules, "@huggingface", "jinja", "dist", "index.js"), python);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "engine", "templates", name);

    private static TempFile Input(Dictionary<string, string> sources)
    {
        var cases = new JsonObject();
        foreach (var (id, json) in TemplateCases.Json)
        {
            var context = JsonNode.Parse(json)!.AsObject();
            context["bos_token"] = "<bos>";
            context["eos_token"] = "<eos>";
            context.TryAdd("add_generation_prompt", true);
            context.TryAdd("tools", null);
            context.TryAdd("documents", null);
            cases[id] = context;
        }

        var input = new JsonObject { ["templates"] = JsonSerializer.SerializeToNode(sources), ["cases"] = cases };
        return new TempFile(Encoding.UTF8.GetBytes(input.ToJsonString()));
    }

    private static JsonElement Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }
}
