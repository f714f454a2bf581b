using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Serving;
using Holdfast.Tests.Engine.Models;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>A small random model with a vocabulary and a chat template: it writes nonsense, in every form that a request asks for.</summary>
internal static class TalkingModel
{
    private const string Template =
        "{% if tools %}<tool_call>arguments</tool_call>{% endif %}{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

    public static TempFile File(string? template = null, int contextTokens = 512) =>
        new(SyntheticModel.Make("qwen3", TensorType.Q8_0, vocabulary: SmallVocabulary.Data("smollm"), template: template ?? Template, contextTokens: contextTokens));

    public static ChatRequest Chat(string text) => new()
    {
        Messages = [new ChatMessage { Role = "user", Text = text, Raw = JsonSerializer.SerializeToElement(new { role = "user", content = text }) }],
        Temperature = 0,
        MaxTokens = 60,
    };

    public static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>The <c>response_format</c> of a schema.</summary>
    public static JsonElement Format(string schema) => Json($$$"""{"type":"json_schema","json_schema":{"name":"x","schema":{{{schema}}}}}""");

    public static async Task<List<AnswerPart>> Parts(EngineBackend backend, ChatRequest request, CallKind kind = CallKind.Chat)
    {
        var parts = new List<AnswerPart>();
        var call = new AnswerCall { RequestId = "request", Kind = kind, Model = "model", Request = request, Body = default };
        await foreach (var part in backend.AnswerAsync(call, TestContext.Current.CancellationToken))
        {
            parts.Add(part);
        }

        return parts;
    }
}
