using System.Text.Json;

namespace Holdfast.Gateway.Upstreams;

/// <summary>Reads <c>/v1/models</c> and llama.cpp's <c>/props</c>. Pure. Throws <see cref="JsonException"/> when it is no such list.</summary>
internal static class ModelList
{
    private const int ModelsMax = 10_000;

    public static UpstreamFindings Read(ReadOnlyMemory<byte> json, UpstreamKind configured)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("data", out var data) || data.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            throw new JsonException("The list of models has no data.");
        }

        List<FoundModel> models = [];
        if (data.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in data.EnumerateArray())
            {
                if (models.Count < ModelsMax && entry.ValueKind == JsonValueKind.Object && Text(entry, "id") is { Length: > 0 } id)
                {
                    models.Add(new FoundModel(id, Context(entry), Text(entry, "owned_by") ?? ""));
                }
            }
        }

        return new UpstreamFindings(configured == UpstreamKind.Auto ? Guess(models) : configured, models);
    }

    /// <summary>Tokens of one slot: with <c>-c 2048 -np 4</c> it is 512, and that is what a request gets.</summary>
    public static int? ReadProps(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("default_generation_settings", out var settings) ? Number(settings, "n_ctx") : null;
    }

    private static UpstreamKind Guess(List<FoundModel> models)
    {
        foreach (var model in models)
        {
            switch (model.OwnedBy)
            {
                case "vllm":
                    return UpstreamKind.Vllm;
                case "llamacpp":
                    return UpstreamKind.LlamaCpp;
                case "library":
                    return UpstreamKind.Ollama;
                default:
                    continue;
            }
        }

        return UpstreamKind.OpenAi;
    }

    // vLLM says max_model_len; llama.cpp says n_ctx in meta (n_ctx_train beside it is the model's own, not the server's).
    private static int? Context(JsonElement entry) =>
        Number(entry, "max_model_len") ?? (entry.TryGetProperty("meta", out var meta) ? Number(meta, "n_ctx") : null);

    private static int? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number) && number > 0 ? number : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
