using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

/// <summary>Finds model files: the small ones among the fixtures, the others in the shared folder.</summary>
internal static class VocabularyFiles
{
    public const string SmolLm2 = "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";

    public static string PathOf(string name)
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "fixtures", "engine", "vocab", name);
        if (File.Exists(fixture))
        {
            return fixture;
        }

        // A checkout of llama.cpp has vocabularies whose licences keep them out of here, such as Llama's.
        var checkout = Environment.GetEnvironmentVariable("HOLDFAST_LLAMA_CPP");
        var peer = Path.Combine(checkout ?? "", "models", name);
        return checkout is not null && File.Exists(peer) ? peer : SharedFolder.Need($"models/vocab/{name}");
    }

    public static TokenizerData Data(string path)
    {
        using var file = GgufFile.Open(path);
        return TokenizerFile.Read(file.Metadata);
    }

    public static Tokenizer Phi3() => new(Data(PathOf("ggml-vocab-phi-3.gguf")));

    public static Tokenizer SmolLm() => new(Data(SharedFolder.Need(SmolLm2)));
}
