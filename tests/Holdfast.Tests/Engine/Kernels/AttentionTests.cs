using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed unsafe class AttentionTests
{
    private const int Blocks = 7;
    private static readonly int[] Table = [5, 2, 6, 0, 3];

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(80)]
    [InlineData(96)]
    [InlineData(128)]
    public void Every_tile_gives_the_bits_of_the_scalar_twin(int headSize)
    {
        foreach (var type in Enum.GetValues<KvType>())
        {
            for (var rows = 1; rows <= AttentionTile.RowsMax; rows++)
            {
                foreach (var length in new[] { 8, 16, 17, 32, 33, 63, 80 })
                {
                    using var kv = Filled(type, headSize, Table.Length * Attention.BlockTokens, seed: length);
                    var expected = Attend(kv, rows, length, isScalar: true);
                    Assert.Equal(expected, Attend(kv, rows, length, isScalar: false));
                }
            }
        }
    }

    [Theory]
    [InlineData(KvType.Half, 2e-3)]
    [InlineData(KvType.Eight, 2e-2)]
    public void The_scalar_twin_is_near_the_plain_definition(KvType type, double tolerance)
    {
        const int headSize = 64, length = 50;
        using var kv = Filled(type, headSize, length, seed: 3);
        var attended = Attend(kv, rows: 1, length, isScalar: true);
        var query = Query(row: 0, headSize);
        var scores = Enumerable.Range(0, length).Select(t => Key(t, headSize, seed: 3).Zip(query, (k, q) => (double)k * q).Sum() / Math.Sqrt(headSize)).ToArray();
        var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
        for (var d = 0; d < headSize; d++)
        {
            var exact = Enumerable.Range(0, length).Sum(t => weights[t] * Value(t, headSize, seed: 3)[d]) / weights.Sum();
            Assert.Equal(exact, attended[d], tolerance);
        }
    }

    [Fact]
    public void What_an_earlier_sequence_left_in_a_block_changes_no_bit()
    {
        foreach (var type in Enum.GetValues<KvType>())
        {
            using var clean = Filled(type, 64, 21, seed: 1);
            using var used = Filled(type, 64, Table.Length * Attention.BlockTokens, seed: 2);
            Fill(used, 21, seed: 1);
            Assert.Equal(Attend(clean, 5, 21, isScalar: false), Attend(used, 5, 21, isScalar: false));
        }
    }

    [Fact]
    public void Bytes_with_scales_take_little_more_than_half_the_memory()
    {
        var half = KvBlocks.BytesOfBlock(KvType.Half, layers: 30, heads: 3, headSize: 64);
        Assert.Equal(2 * 2 * 16 * 64 * 3 * 30, half);
        Assert.Equal(half / 2 + 30 * 3 * 2 * 16 * sizeof(float), KvBlocks.BytesOfBlock(KvType.Eight, layers: 30, heads: 3, headSize: 64));
    }

    [Fact]
    public void A_head_of_zeros_stays_zero_in_bytes()
    {
        using var kv = new KvBlocks(KvType.Eight, layers: 1, Blocks, heads: 1, headSize: 64);
        kv.Write(0, Table[0], 0, 0, new float[64], new float[64]);
        Assert.All(Attend(kv, 1, 1, isScalar: false), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(KvType.Half)]
    [InlineData(KvType.Eight)]
    public void Whoever_sees_a_key_or_value_that_is_not_finite_gets_no_number_and_nobody_else_notices(KvType type)
    {
        const int headSize = 64, length = 40, tokens = 30, heads = 2;
        foreach (var (value, isKey, bad) in from v in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity } from k in new[] { true, false } from b in new[] { 0, 16, 25, 39 } select (v, k, b))
        {
            using var kv = new KvBlocks(type, layers: 2, Blocks, heads, headSize);
            using var queries = new FloatRows(tokens, heads * headSize);
            for (var r = 0; r < tokens; r++)
            {
                Numbers(new Random(r), heads * headSize, 2).CopyTo(queries[r]);
            }

            WriteAll(kv, length, (_, _, _) => { });
            var clean = AttendAll(kv, queries, length, layer: 1);
            WriteAll(kv, length, (token, keys, values) =>
            {
                if (token == bad)
                {
                    (isKey ? keys : values)[headSize - 1] = value;
                }
            });
            var lost = AttendAll(kv, queries, length, layer: 1);
            for (var r = 0; r < tokens; r++)
            {
                var sees = length - (tokens - 1 - r) > bad;
                Assert.True(sees ? !lost[r].Any(float.IsFinite) : lost[r].SequenceEqual(clean[r]), $"row {r}, token {bad}, {value}");
            }

            // The next token in the slot is judged by its own numbers.
            WriteAll(kv, length, (_, _, _) => { });
            Assert.Equal(clean, AttendAll(kv, queries, length, layer: 1));
        }
    }

    /// <summary>Tokens of two layers of two heads; the second head of the second layer can be changed before it is stored.</summary>
    private static void WriteAll(KvBlocks kv, int tokens, Action<int, float[], float[]> change)
    {
        for (var place = 0; place < 4 * tokens; place++)
        {
            var (layer, token, head) = (place / (2 * tokens), place / 2 % tokens, place % 2);
            var (key, value) = (Key(token, kv.HeadSize, place), Value(token, kv.HeadSize, place));
            if ((layer, head) == (1, 1))
            {
                change(token, key, value);
            }

            kv.Write(layer, Table[token / Attention.BlockTokens], token % Attention.BlockTokens, head, key, value);
        }
    }

    /// <summary>The second head's outputs for the last rows of a sequence.</summary>
    private static float[][] AttendAll(KvBlocks kv, FloatRows queries, int length, int layer)
    {
        const int tokens = 30;
        using var attention = new HeadAttention(kv, workers: 1, length);
        using var outputs = new Activations(tokens, 2 * kv.HeadSize);
        attention.Run(layer, head: 1, groupHeads: 1, new HeadRows(0, tokens, length, IsCausal: true), Table, queries, outputs, worker: 0);
        return [.. Enumerable.Range(0, tokens).Select(r => outputs.Row(r)[kv.HeadSize..].ToArray())];
    }

    private static KvBlocks Filled(KvType type, int headSize, int tokens, int seed)
    {
        var kv = new KvBlocks(type, layers: 1, Blocks, heads: 1, headSize);
        Fill(kv, tokens, seed);
        return kv;
    }

    private static void Fill(KvBlocks kv, int tokens, int seed)
    {
        for (var t = 0; t < tokens; t++)
        {
            kv.Write(0, Table[t / Attention.BlockTokens], t % Attention.BlockTokens, 0, Key(t, kv.HeadSize, seed), Value(t, kv.HeadSize, seed));
        }
    }

    /// <summary>Row r of the tile sees all but the last r tokens.</summary>
    private static float[] Attend(KvBlocks kv, int rows, int length, bool isScalar)
    {
        var queries = Enumerable.Range(0, rows).SelectMany(r => Query(r, kv.HeadSize)).ToArray();
        var outputs = new float[rows * kv.HeadSize];
        var lengths = stackalloc int[rows];
        var queryRows = stackalloc float*[rows];
        var outputRows = stackalloc float*[rows];
        using var scores = NativeBuffer.OfFloats(Attention.ScratchFloats(length));
        fixed (float* q = queries, y = outputs)
        fixed (int* table = Table)
        {
            for (var r = 0; r < rows; r++)
            {
                queryRows[r] = q + r * kv.HeadSize;
                outputRows[r] = y + r * kv.HeadSize;
                lengths[r] = Math.Max(1, length - r);
            }

            var tile = new AttentionTile
            {
                Rows = rows,
                Queries = queryRows,
                Outputs = outputRows,
                Lengths = lengths,
                Head = kv.Head(0, 0),
                Blocks = table,
                BlockStride = kv.Stride,
                HeadSize = kv.HeadSize,
            };
            Run(kv.Type, tile, scores.Floats, isScalar);
        }

        return outputs;
    }

    private static void Run(KvType type, in AttentionTile tile, float* scores, bool isScalar)
    {
        if (!isScalar)
        {
            Attention.Run(type, tile, scores);
        }
        else if (type == KvType.Eight)
        {
            ScalarAttention<ByteNumbers>.Run(tile, scores);
        }
        else
        {
            ScalarAttention<HalfNumbers>.Run(tile, scores);
        }
    }

    private static float[] Query(int row, int headSize) => Numbers(new Random(1000 + row), headSize, 2);

    private static float[] Key(int token, int headSize, int seed) => Numbers(new Random(2000 + 100 * seed + token), headSize, 3);

    private static float[] Value(int token, int headSize, int seed) => Numbers(new Random(30000 + 100 * seed + token), headSize, 1);

    private static float[] Numbers(Random random, int count, float size) =>
        [.. Enumerable.Range(0, count).Select(_ => size * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
}
