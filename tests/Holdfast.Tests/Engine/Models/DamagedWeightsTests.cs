using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Models;

/// <summary>A number that is not finite is found while the weights are read, wherever it stands.</summary>
public sealed class DamagedWeightsTests
{
    /// <summary>Where the halves, or the number itself, stand in a block.</summary>
    public static TheoryData<TensorType, int[]> Places => new()
    {
        { TensorType.F32, [0] }, { TensorType.F16, [0] }, { TensorType.BF16, [0] }, { TensorType.Q8_0, [0] }, { TensorType.Q4_0, [0] },
        { TensorType.Q4_1, [0, 2] }, { TensorType.Q5_0, [0] }, { TensorType.Q5_1, [0, 2] }, { TensorType.IQ4_NL, [0] },
        { TensorType.Q4_K, [0, 2] }, { TensorType.Q5_K, [0, 2] }, { TensorType.Q6_K, [208] },
    };

    public static TheoryData<TensorType, int[]> BlockPlaces => [.. Places.Where(row => TensorTypes.BlockLength(row.Data.Item1) > 1)];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_scale_or_number_of_a_matrix_that_is_not_finite_is_refused_with_tensor_and_place(TensorType type, int[] places)
    {
        using var whole = new TempFile(SyntheticModel.Make("llama", type));
        var random = new Random(3);
        foreach (var place in places)
        {
            foreach (var bytes in NotFinite(type))
            {
                var block = random.Next(SyntheticModel.Hidden * SyntheticModel.Width / TensorTypes.BlockLength(type));
                var at = block * TensorTypes.BlockBytes(type) + place;
                using var file = new ModelCopy(whole.Path).Damaged("blk.1.ffn_up.weight", at, bytes).ToFile();
                using var gguf = GgufFile.Open(file.Path);

                var fault = Assert.Throws<ModelFileException>(() => new ModelWeights(gguf));

                Assert.Equal(gguf.Need("blk.1.ffn_up.weight").Offset + at, fault.Offset);
                Assert.EndsWith("tensor blk.1.ffn_up.weight: a number here is not finite: the weights are damaged; compare the file's SHA-256 with its source", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    public void A_factor_of_positions_that_cannot_divide_is_refused(float factor)
    {
        using var whole = new TempFile(SyntheticModel.Make("llama", TensorType.Q8_0, hasRopeFactors: true));
        using var gguf = GgufFile.Open(whole.Path);
        var length = gguf.Need("rope_freqs.weight").RowLength;
        var factors = Enumerable.Range(0, length).SelectMany(i => BitConverter.GetBytes(i == length - 1 ? factor : 1f)).ToArray();
        using var file = new ModelCopy(whole.Path).With("rope_freqs.weight", TensorType.F32, [length], factors).ToFile();
        using var damaged = GgufFile.Open(file.Path);
        Assert.Contains("rope_freqs.weight holds a factor that is not above 0", Assert.Throws<ModelFileException>(() => new ModelWeights(damaged)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BlockPlaces))]
    public void Quants_of_any_bits_are_no_damage(TensorType type, int[] places)
    {
        using var whole = new TempFile(SyntheticModel.Make("llama", type));
        using var gguf = GgufFile.Open(whole.Path);
        var random = new Random(4);
        var data = gguf.Read(gguf.Need("blk.0.attn_q.weight"));
        for (var block = 0; block < data.Length; block += TensorTypes.BlockBytes(type))
        {
            for (var i = 0; i < TensorTypes.BlockBytes(type); i++)
            {
                // The largest finite numbers where a scale stands, all bits set elsewhere.
                data[block + i] = (byte)(places.Contains(i) || places.Contains(i - 1) ? random.Next(0x7b) : 0xff);
            }
        }

        using var file = new ModelCopy(whole.Path).Damaged("blk.0.attn_q.weight", 0, data).ToFile();
        using var read = GgufFile.Open(file.Path);
        new ModelWeights(read).Dispose();
    }

    [Theory]
    [InlineData("output_norm.weight")]
    [InlineData("blk.0.attn_norm.weight")]
    public void A_number_of_a_vector_that_is_not_finite_is_refused(string tensor)
    {
        using var whole = new TempFile(TinyChatModel.Make());
        foreach (var place in new[] { 0, 4, 60 })
        {
            using var file = new ModelCopy(whole.Path).Damaged(tensor, place, BitConverter.GetBytes(float.NaN)).ToFile();
            var fault = Assert.Throws<ModelFileException>(() => EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1 }, gate: null, TimeProvider.System));
            Assert.Contains($"tensor {tensor}: a number here is not finite", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("token_embd.weight", 34 * 7)]
    [InlineData("token_types.weight", 8)]
    [InlineData("blk.5.layer_output_norm.bias", 4)]
    public void An_encoder_is_held_to_the_same(string tensor, int place)
    {
        using var file = new ModelCopy(EmbeddingEngine.ShippedModelPath).Damaged(tensor, place, [0xff, 0xff, 0xff, 0xff]).ToFile();
        var fault = Assert.Throws<ModelFileException>(() => EmbeddingEngine.Load(file.Path, new EmbeddingOptions(), gate: null));
        Assert.Contains($"tensor {tensor}: a number here is not finite", fault.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<byte[]> NotFinite(TensorType type) => type switch
    {
        TensorType.F32 => [BitConverter.GetBytes(float.NaN), BitConverter.GetBytes(float.NegativeInfinity), BitConverter.GetBytes(0x7f80_0001)],
        TensorType.BF16 => [[0x80, 0x7f], [0x80, 0xff], [0xc0, 0x7f]],
        _ => [BitConverter.GetBytes(Half.NaN), BitConverter.GetBytes(Half.PositiveInfinity), [0x01, 0xfc]],
    };
}
