using System.Security.Cryptography;
using CsCheck;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;

namespace Holdfast.Tests.Engine.Quantising;

public sealed class BlockCodecTests
{
    /// <summary>Largest error allowed, as a share of the block's range: half a step of the type, and what the rounded scales add.</summary>
    public static TheoryData<TensorType, double> Types => new()
    {
        { TensorType.F32, 0 }, { TensorType.F16, .0005 }, { TensorType.BF16, .004 }, { TensorType.Q8_0, .005 }, { TensorType.Q4_0, .13 },
        { TensorType.Q4_1, .036 }, { TensorType.Q5_0, .07 }, { TensorType.Q5_1, .018 }, { TensorType.IQ4_NL, .12 }, { TensorType.Q4_K, .06 },
        { TensorType.Q5_K, .04 }, { TensorType.Q6_K, .04 },
    };

    public static TheoryData<TensorType> TypesAlone => [.. TensorTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_encoded_decodes_to_nearly_the_same(TensorType type, double tolerance) =>
        Gen.Select(Gen.Float[-3, 3].Array[256], Gen.Float[1e-3f, 50f]).Sample((values, size) =>
        {
            var scaled = Array.ConvertAll(values, v => v * size);
            var back = new float[256];
            BlockCodecs.DecodeRow(type, BlockCodecs.Encode(type, scaled), back);
            var range = scaled.Max() - scaled.Min();
            return scaled.Zip(back, (a, b) => Math.Abs(a - b)).All(miss => miss <= tolerance * range + 1e-7);
        }, iter: 300);

    /// <summary>To the bit. (In Q5_K the scale of a group much narrower than its neighbours can round to the next one; even values do not make such groups.)</summary>
    [Theory]
    [MemberData(nameof(TypesAlone))]
    public void Values_on_the_grid_of_a_type_come_back_when_encoded_again(TensorType type)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, 256).Select(_ => (float)(random.NextDouble() - .5) * (1 + seed)).ToArray();
            var (once, twice) = (new float[256], new float[256]);
            BlockCodecs.DecodeRow(type, BlockCodecs.Encode(type, values), once);
            BlockCodecs.DecodeRow(type, BlockCodecs.Encode(type, once), twice);
            Assert.Equal(once, twice);
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q5_0)]
    [InlineData(TensorType.Q5_1)]
    [InlineData(TensorType.Q4_K)]
    [InlineData(TensorType.Q5_K)]
    [InlineData(TensorType.Q6_K)]
    public void Unpacking_a_block_at_once_gives_what_each_number_gives_alone(TensorType type)
    {
        var random = new Random(11);
        var block = new byte[TensorTypes.BlockBytes(type)];
        var quants = new byte[TensorTypes.BlockLength(type)];
        for (var round = 0; round < 200; round++)
        {
            random.NextBytes(block);
            ((IQuantCodec)BlockCodecs.Of(type)).Quants(block, quants);
            for (var k = 0; k < quants.Length; k++)
            {
                Assert.Equal(One(type, block, k), quants[k]);
            }
        }
    }

    /// <summary>Number k by the format's words: where its low four bits stand, and its high ones.</summary>
    private static int One(TensorType type, byte[] block, int k)
    {
        int Old(int start) => (block[start + k % 16] >> (k / 16 * 4)) & 15;
        int Pairs(int start) => (block[start + k / 64 * 32 + k % 32] >> (k / 32 % 2 * 4)) & 15;
        int Fifth(int start) => ((block[start + k / 8] >> (k % 8)) & 1) << 4;
        var (half, quarter, i) = (k / 128, k % 128 / 32, k % 32);
        return type switch
        {
            TensorType.Q4_0 => Old(2),
            TensorType.Q5_0 => Old(6) | Fifth(2),
            TensorType.Q5_1 => Old(8) | Fifth(4),
            TensorType.Q4_K => Pairs(16),
            TensorType.Q5_K => Pairs(48) | (((block[16 + k % 32] >> (k / 32)) & 1) << 4),
            _ => ((block[half * 64 + quarter % 2 * 32 + i] >> (quarter / 2 * 4)) & 15) | (((block[128 + half * 32 + i] >> (quarter * 2)) & 3) << 4),
        };
    }

    [Fact]
    public void A_block_of_zeros_stays_zero() =>
        Assert.All(TensorTypes.All, type =>
        {
            var back = new float[256];
            BlockCodecs.DecodeRow(type, BlockCodecs.Encode(type, new float[256]), back);
            Assert.All(back, value => Assert.Equal(0f, value));
        });

    [Fact]
    public void IQ4_NL_loses_less_than_Q4_0_on_bell_shaped_values()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 32 * 400).Select(_ => (float)(Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6)).ToArray();
        Assert.True(Loss(TensorType.IQ4_NL, values) < .745 * Loss(TensorType.Q4_0, values));
        Assert.True(Loss(TensorType.Q5_0, values) < Loss(TensorType.IQ4_NL, values));
    }

    [Theory]
    [InlineData(TensorType.Q8_0, "270a39d46ea0b45e3955f8f3f1c07ceff4e8160e969374286dbc5d610fd78d15")]
    [InlineData(TensorType.Q4_0, "818bf0b365ae6388868d7d45af997b7f7769f57c2d931e7a57f5cf288ed05d26")]
    public void Requantising_the_real_model_gives_the_bytes_of_the_reference(TensorType type, string sha256)
    {
        using var file = GgufFile.Open(SharedFolder.Need("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in file.Tensors)
        {
            var bytes = file.Read(tensor);
            if (tensor.Type != TensorType.F32)
            {
                var values = new float[tensor.Numbers];
                BlockCodecs.DecodeRow(tensor.Type, bytes, values);
                bytes = BlockCodecs.Encode(KeptAt(tensor, type), values);
            }

            hash.AppendData(bytes);
        }

        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static TensorType KeptAt(TensorInfo tensor, TensorType type) =>
        type == TensorType.Q4_0 && tensor.Name == "token_embd.weight" ? TensorType.Q8_0 : type;

    [Fact]
    public void A_value_that_a_type_cannot_hold_is_refused_and_not_rounded()
    {
        foreach (var type in Enum.GetValues<TensorType>())
        {
            foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, type is TensorType.F32 or TensorType.BF16 ? float.NaN : 1e25f })
            {
                var values = new float[TensorTypes.BlockLength(type)];
                values[^1] = value;
                Assert.Contains($"value {values.Length - 1} is ", Assert.Throws<ArgumentException>(() => BlockCodecs.Encode(type, values)).Message, StringComparison.Ordinal);
            }
        }
    }

    private static double Loss(TensorType type, float[] values)
    {
        var back = new float[values.Length];
        BlockCodecs.DecodeRow(type, BlockCodecs.Encode(type, values), back);
        return values.Zip(back, (a, b) => (double)(a - b) * (a - b)).Sum();
    }
}
