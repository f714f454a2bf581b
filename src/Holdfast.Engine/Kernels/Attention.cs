using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Attention over KV blocks of 16 tokens. In a block the keys lie transposed (one line of 16 tokens for each dimension), the values
/// token by token, both as halves: scores need no sum across lanes, and a line of keys is widened once for all rows of a tile.
/// Every row is computed in one order - dimensions, then tokens, ascending - so its bits do not depend on the tile it is in.
/// </summary>
internal static unsafe class Attention
{
    public const int BlockTokens = 16;

    /// <summary>Dimensions of a value that one pass accumulates in registers.</summary>
    private const int WideDimensions = 64;

    /// <summary>Halves that one head takes in a block: keys, then values.</summary>
    public static long HeadBlockHalves(int headSize) => 2L * BlockTokens * headSize;

    /// <summary>Floats of scratch for a tile that sees up to <paramref name="tokensMax"/> tokens.</summary>
    public static long ScratchFloats(int tokensMax) => (long)AttentionTile.RowsMax * Stride(tokensMax);

    /// <summary>Stores a token's key and value in a head's block.</summary>
    public static void Write(ushort* block, int slot, float* key, float* value, int headSize)
    {
        var keys = stackalloc ushort[Lanes.Width];
        for (var d = 0; d < headSize; d += Lanes.Width)
        {
            HalfLanes.Narrow(Vector512.Load(key + d), keys);
            for (var i = 0; i < Lanes.Width; i++)
            {
                block[(d + i) * BlockTokens + slot] = keys[i];
            }

            HalfLanes.Narrow(Vector512.Load(value + d), block + (BlockTokens + slot) * headSize + d);
        }
    }

    public static void Run(in AttentionTile tile, float* scores)
    {
        var length = 0;
        for (var r = 0; r < tile.Rows; r++)
        {
            length = Math.Max(length, tile.Lengths[r]);
        }

        var stride = Stride(length);
        if (tile.Rows <= 4)
        {
            ScoreFour(tile, scores, stride);
        }
        else
        {
            ScoreEight(tile, scores, stride);
        }

        for (var r = 0; r < tile.Rows; r++)
        {
            Softmax(scores + r * stride, tile.Lengths[r], stride);
        }

        for (var r = 0; r < tile.Rows; r += 4)
        {
            var d = 0;
            for (; d + WideDimensions <= tile.HeadSize; d += WideDimensions)
            {
                WeighWide(tile, scores, stride, r, d, length);
            }

            for (; d < tile.HeadSize; d += Lanes.Width)
            {
                WeighNarrow(tile, scores, stride, r, d, length);
            }
        }
    }

    private static int Stride(int tokens) => (tokens + BlockTokens - 1) / BlockTokens * BlockTokens;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreFour(in AttentionTile tile, float* scores, int stride)
    {
        float* q0 = Query(tile, 0), q1 = Query(tile, 1), q2 = Query(tile, 2), q3 = Query(tile, 3);
        var scale = Vector512.Create(1f / MathF.Sqrt(tile.HeadSize));
        for (var b = 0; b * BlockTokens < stride; b++)
        {
            var keys = tile.Head + tile.Blocks[b] * tile.BlockStride;
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
            for (var d = 0; d < tile.HeadSize; d++, keys += BlockTokens)
            {
                var k = HalfLanes.Widen(keys);
                a0 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q0[d]), a0);
                a1 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q1[d]), a1);
                a2 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q2[d]), a2);
                a3 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q3[d]), a3);
            }

            var s = scores + b * BlockTokens;
            (a0 * scale).Store(s);
            (a1 * scale).Store(s + stride);
            (a2 * scale).Store(s + 2 * stride);
            (a3 * scale).Store(s + 3 * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreEight(in AttentionTile tile, float* scores, int stride)
    {
        float* q0 = Query(tile, 0), q1 = Query(tile, 1), q2 = Query(tile, 2), q3 = Query(tile, 3);
        float* q4 = Query(tile, 4), q5 = Query(tile, 5), q6 = Query(tile, 6), q7 = Query(tile, 7);
        var scale = Vector512.Create(1f / MathF.Sqrt(tile.HeadSize));
        for (var b = 0; b * BlockTokens < stride; b++)
        {
            var keys = tile.Head + tile.Blocks[b] * tile.BlockStride;
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            for (var d = 0; d < tile.HeadSize; d++, keys += BlockTokens)
            {
                var k = HalfLanes.Widen(keys);
                a0 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q0[d]), a0);
                a1 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q1[d]), a1);
                a2 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q2[d]), a2);
                a3 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q3[d]), a3);
                a4 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q4[d]), a4);
                a5 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q5[d]), a5);
                a6 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q6[d]), a6);
                a7 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q7[d]), a7);
            }

            var s = scores + b * BlockTokens;
            (a0 * scale).Store(s);
            (a1 * scale).Store(s + stride);
            (a2 * scale).Store(s + 2 * stride);
            (a3 * scale).Store(s + 3 * stride);
            (a4 * scale).Store(s + 4 * stride);
            (a5 * scale).Store(s + 5 * stride);
            (a6 * scale).Store(s + 6 * stride);
            (a7 * scale).Store(s + 7 * stride);
        }
    }

    /// <summary>Rows that are missing repeat the last one; their scores are written and never read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Query(in AttentionTile tile, int row) => tile.Queries[Math.Min(row, tile.Rows - 1)];

    /// <summary>Weights of the first <paramref name="length"/> tokens; all others become exactly zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, int length, int stride)
    {
        for (var i = length; i < stride; i++)
        {
            scores[i] = float.NegativeInfinity;
        }

        var used = Stride(length);
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < used; i += Lanes.Width)
        {
            largest = Vector512.Max(largest, Vector512.Load(scores + i));
        }

        var top = Vector512.Create(Lanes.Max(largest));
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < used; i += Lanes.Width)
        {
            var e = Lanes.Exp(Vector512.Load(scores + i) - top);
            e.Store(scores + i);
            sum += e;
        }

        var inverse = Vector512.Create(1f / Lanes.Sum(sum));
        for (var i = 0; i < used; i += Lanes.Width)
        {
            (Vector512.Load(scores + i) * inverse).Store(scores + i);
        }

        for (var i = used; i < stride; i += Lanes.Width)
        {
            Vector512<float>.Zero.Store(scores + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighWide(in AttentionTile tile, float* scores, int stride, int row, int dimension, int length)
    {
        var last = tile.Rows - 1;
        float* s0 = scores + row * stride, s1 = scores + Math.Min(row + 1, last) * stride;
        float* s2 = scores + Math.Min(row + 2, last) * stride, s3 = scores + Math.Min(row + 3, last) * stride;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var b = 0; b * BlockTokens < length; b++)
        {
            var values = tile.Head + tile.Blocks[b] * tile.BlockStride + BlockTokens * tile.HeadSize + dimension;
            var end = Math.Min(length, (b + 1) * BlockTokens);
            for (var t = b * BlockTokens; t < end; t++, values += tile.HeadSize)
            {
                var v0 = HalfLanes.Widen(values);
                var v1 = HalfLanes.Widen(values + 16);
                var v2 = HalfLanes.Widen(values + 32);
                var v3 = HalfLanes.Widen(values + 48);
                Weigh(Vector512.Create(s0[t]), v0, v1, v2, v3, ref a0, ref a1, ref a2, ref a3);
                Weigh(Vector512.Create(s1[t]), v0, v1, v2, v3, ref b0, ref b1, ref b2, ref b3);
                Weigh(Vector512.Create(s2[t]), v0, v1, v2, v3, ref c0, ref c1, ref c2, ref c3);
                Weigh(Vector512.Create(s3[t]), v0, v1, v2, v3, ref d0, ref d1, ref d2, ref d3);
            }
        }

        Store(tile, row, dimension, a0, a1, a2, a3);
        Store(tile, row + 1, dimension, b0, b1, b2, b3);
        Store(tile, row + 2, dimension, c0, c1, c2, c3);
        Store(tile, row + 3, dimension, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(
        Vector512<float> weight, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
    {
        a0 = Vector512.FusedMultiplyAdd(v0, weight, a0);
        a1 = Vector512.FusedMultiplyAdd(v1, weight, a1);
        a2 = Vector512.FusedMultiplyAdd(v2, weight, a2);
        a3 = Vector512.FusedMultiplyAdd(v3, weight, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        in AttentionTile tile, int row, int dimension, Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3)
    {
        if (row < tile.Rows)
        {
            var y = tile.Outputs[row] + dimension;
            a0.Store(y);
            a1.Store(y + 16);
            a2.Store(y + 32);
            a3.Store(y + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighNarrow(in AttentionTile tile, float* scores, int stride, int row, int dimension, int length)
    {
        var last = tile.Rows - 1;
        float* s0 = scores + row * stride, s1 = scores + Math.Min(row + 1, last) * stride;
        float* s2 = scores + Math.Min(row + 2, last) * stride, s3 = scores + Math.Min(row + 3, last) * stride;
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var block = 0; block * BlockTokens < length; block++)
        {
            var values = tile.Head + tile.Blocks[block] * tile.BlockStride + BlockTokens * tile.HeadSize + dimension;
            var end = Math.Min(length, (block + 1) * BlockTokens);
            for (var t = block * BlockTokens; t < end; t++, values += tile.HeadSize)
            {
                var v = HalfLanes.Widen(values);
                a = Vector512.FusedMultiplyAdd(v, Vector512.Create(s0[t]), a);
                b = Vector512.FusedMultiplyAdd(v, Vector512.Create(s1[t]), b);
                c = Vector512.FusedMultiplyAdd(v, Vector512.Create(s2[t]), c);
                d = Vector512.FusedMultiplyAdd(v, Vector512.Create(s3[t]), d);
            }
        }

        StoreNarrow(tile, row, dimension, a);
        StoreNarrow(tile, row + 1, dimension, b);
        StoreNarrow(tile, row + 2, dimension, c);
        StoreNarrow(tile, row + 3, dimension, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreNarrow(in AttentionTile tile, int row, int dimension, Vector512<float> values)
    {
        if (row < tile.Rows)
        {
            values.Store(tile.Outputs[row] + dimension);
        }
    }
}
