namespace Holdfast.Gateway.Upstreams;

/// <summary>What stands behind an address; it decides where the context limit is read and whose counts are trusted.</summary>
public enum UpstreamKind
{
    /// <summary>Found out from the list of models.</summary>
    Auto,
    Vllm,
    LlamaCpp,
    Ollama,

    /// <summary>Any other server with OpenAI's routes.</summary>
    OpenAi,
}
