using System.Globalization;
using System.Text.Json;

namespace Holdfast.Tests.Fakes;

/// <summary>The JSON of each face: its own key order and its own idea of the first and the last frame, as recorded.</summary>
internal static class FakeVoice
{
    private const string Created = "1795492438";

    public static string Models(FakeFace face, string model) => face switch
    {
        FakeFace.Vllm => $$$"""{"object":"list","data":[{"id":"{{{model}}}","object":"model","created":{{{Created}}},"owned_by":"vllm","root":"{{{model}}}","parent":null,"max_model_len":2048,"permission":[]}]}""",
        FakeFace.Llama => $$$"""{"models":[{"name":"{{{model}}}"}],"object":"list","data":[{"id":"{{{model}}}","aliases":["{{{model}}}"],"tags":[],"object":"model","created":{{{Created}}},"owned_by":"llamacpp","meta":{"vocab_type":2,"n_vocab":49152,"n_ctx":512,"n_ctx_train":8192}}]}""",
        FakeFace.Ollama => $$$"""{"object":"list","data":[{"id":"{{{model}}}:latest","object":"model","created":{{{Created}}},"owned_by":"library"}]}""" + "\n",
        _ => $$$"""{"object":"list","data":[{"id":"{{{model}}}","object":"model","created":{{{Created}}},"owned_by":"vllm","root":"{{{model}}}","parent":null,"max_model_len":2048}]}""",
    };

    public static string Props => """{"default_generation_settings":{"params":{"n_ctx":7},"n_ctx":512},"total_slots":4}""";

    /// <summary>One frame. <paramref name="delta"/> is JSON; <paramref name="finish"/> a JSON string or null.</summary>
    public static string Frame(FakeFace face, string model, int choice, string delta, string finish = "null", string usage = "")
    {
        var at = choice.ToString(CultureInfo.InvariantCulture);
        return face switch
        {
            FakeFace.Vllm => $$$"""{"id":"chatcmpl-9f4c56c13e6e8c97","object":"chat.completion.chunk","created":{{{Created}}},"model":"{{{model}}}","choices":[{"index":{{{at}}},"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finish}}},"token_ids":null}]{{{Tail("usage", usage)}}}}""",
            FakeFace.Llama => $$$"""{"choices":[{"finish_reason":{{{finish}}},"index":{{{at}}},"delta":{{{delta}}}}],"created":{{{Created}}},"id":"chatcmpl-K9e1S1hc2Vl1Clp2CAxmoPiMlzAq3etq","model":"{{{model}}}","system_fingerprint":"b1-de3ff81","object":"chat.completion.chunk"{{{Tail("usage", usage)}}}}""",
            FakeFace.Ollama => $$$"""{"id":"chatcmpl-471","object":"chat.completion.chunk","created":{{{Created}}},"model":"{{{model}}}","system_fingerprint":"fp_ollama","choices":[{"index":{{{at}}},"delta":{{{delta}}},"finish_reason":{{{finish}}}}]{{{Tail("usage", usage)}}}}""",
            _ => $$$"""{"id":"chatcmpl-2f1b6e0c","model":"{{{model}}}","object":"chat.completion.chunk","created":{{{Created}}},"usage":{{{(usage.Length == 0 ? "null" : usage)}}},"choices":[{"index":{{{at}}},"finish_reason":{{{finish}}},"delta":{{{delta}}}}]}""",
        };
    }

    public static string UsageFrame(FakeFace face, string model, string usage) => face switch
    {
        FakeFace.Llama => $$$"""{"choices":[],"created":{{{Created}}},"id":"chatcmpl-K9e1S1hc2Vl1Clp2CAxmoPiMlzAq3etq","model":"{{{model}}}","object":"chat.completion.chunk","usage":{{{usage}}},"timings":{"cache_n":0,"prompt_n":35,"predicted_n":6}}""",
        _ => $$$"""{"id":"chatcmpl-9f4c56c13e6e8c97","object":"chat.completion.chunk","created":{{{Created}}},"model":"{{{model}}}","choices":[],"usage":{{{usage}}}}""",
    };

    public static string Usage(FakeFace face, int prompt, int completion)
    {
        var total = prompt + completion;
        return face switch
        {
            FakeFace.Vllm => $$$"""{"prompt_tokens":{{{prompt}}},"total_tokens":{{{total}}},"completion_tokens":{{{completion}}},"prompt_tokens_details":null}""",
            FakeFace.Llama => $$$"""{"completion_tokens":{{{completion}}},"prompt_tokens":{{{prompt}}},"total_tokens":{{{total}}},"prompt_tokens_details":{"cached_tokens":3}}""",
            _ => $$$"""{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}},"total_tokens":{{{total}}}}""",
        };
    }

    public static string Answer(FakeFace face, string model, string text, string usage)
    {
        var content = Text(text);
        return face switch
        {
            FakeFace.Vllm => $$$"""{"id":"chatcmpl-9f4c56c13e6e8c97","object":"chat.completion","created":{{{Created}}},"model":"{{{model}}}","choices":[{"index":0,"message":{"role":"assistant","content":{{{content}}},"refusal":null},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"service_tier":null,"usage":{{{usage}}},"prompt_logprobs":null}""",
            FakeFace.Llama => $$$"""{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":{{{content}}}}}],"created":{{{Created}}},"model":"{{{model}}}","object":"chat.completion","usage":{{{usage}}},"id":"chatcmpl-K9e1S1hc2Vl1Clp2CAxmoPiMlzAq3etq"}""",
            FakeFace.Ollama => $$$"""{"id":"chatcmpl-471","object":"chat.completion","created":{{{Created}}},"model":"{{{model}}}","system_fingerprint":"fp_ollama","choices":[{"index":0,"message":{"role":"assistant","content":{{{content}}}},"finish_reason":"stop"}],"usage":{{{usage}}}}""" + "\n",
            _ => $$$"""{"id":"chatcmpl-2f1b6e0c","model":"{{{model}}}","object":"chat.completion","created":{{{Created}}},"usage":{{{usage}}},"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":{{{content}}}}}]}""",
        };
    }

    public static string Embedding(string model) =>
        $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5,1.0]}],"model":"{{{model}}}","usage":{"prompt_tokens":3,"total_tokens":3}}""";

    /// <summary>The error that a dying engine puts into the stream, with vLLM's spaces.</summary>
    public const string ErrorFrame = """{"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "type": "InternalServerError", "param": null, "code": 500}}""";

    public static string Text(string text) => JsonSerializer.Serialize(text);

    private static string Tail(string name, string json) => json.Length == 0 ? "" : $",\"{name}\":{json}";
}
