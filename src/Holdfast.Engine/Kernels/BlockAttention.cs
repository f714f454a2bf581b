using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Attention over blocks of one type. In a block the keys lie transposed (one line of 16 tokens for each dimension), the values
/// token by token: scores need no sum across lanes, and a line of keys is widened once for all rows of a tile.
/// <para>
/// Every row is computed in one order - dimensions, then tokens, ascending - so its bits do not depend on the tile it is in; the
/// scalar twin (<see cref="ScalarAttention{TNumbers}"/>) states that order. Blocks go by in pairs: the sums of one block alone would wait for
/// each other.
/// </para>
/// </summary>
internal static unsafe class BlockAttention<TNumbers>
    where TNumbers : struct, IKvNumbers
{
    public static void Run(in AttentionTile tile, float* scores)
    {
        var length = tile.LengthMax;
        var stride = Attention.Stride(length);
        if (tile.Rows <= 4)
        {
            ScoreFour(tile, scores, stride, (length - 1) / Attention.BlockTokens);
        }
        else
        {
            ScoreEight(tile, scores, stride, (length - 1) / Attention.BlockTokens);
        }

        for (var r = 0; r < tile.Rows; r++)
        {
            Softmax(tile, scores + r * stride, tile.Lengths[r], stride);
        }

        Weigh(tile, scores, stride, length);
    }

    private static void Weigh(in AttentionTile tile, float* scores, int stride, int length)
    {
        var d = 0;
        if (tile.Rows > 4)
        {
            for (; d + 32 <= tile.HeadSize; d += 32)
            {
                WeighEight(tile, scores, stride, d, length);
            }
        }
        else
        {
            for (; d + 64 <= tile.HeadSize; d += 64)
            {
                WeighFour(tile, scores, stride, d, length);
            }
        }

        for (; d < tile.HeadSize; d += Lanes.Width)
        {
            for (var r = 0; r < tile.Rows; r += 4)
            {
                WeighNarrow(tile, scores, stride, r, d, length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Block(in AttentionTile tile, int block) => tile.Head + tile.Blocks[block] * tile.BlockStride;

    /// <summary>Rows that are missing repeat the last one; their results are not used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Query(in AttentionTile tile, int row) => tile.Queries[Math.Min(row, tile.Rows - 1)];

    /// <summary>What turns a block's sums into scores: the usual root, and where there are scales, the tokens' own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ScoreScale(byte* block, int headSize)
    {
        var scale = Vector512.Create(1f / MathF.Sqrt(headSize));
        return TNumbers.HasScales ? scale * Vector512.Load(KvLayout<TNumbers>.KeyScales(block, headSize)) : scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreFour(in AttentionTile tile, float* scores, int stride, int lastBlock)
    {
        float* q0 = Query(tile, 0), q1 = Query(tile, 1), q2 = Query(tile, 2), q3 = Query(tile, 3);
        var line = Lanes.Width * TNumbers.Bytes;
        for (var b = 0; b <= lastBlock; b += 2)
        {
            byte* first = Block(tile, b), second = Block(tile, Math.Min(b + 1, lastBlock));
            var (firstScale, secondScale) = (ScoreScale(first, tile.HeadSize), ScoreScale(second, tile.HeadSize));
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, c0 = default, c1 = default, c2 = default, c3 = default;
            for (var d = 0; d < tile.HeadSize; d++, first += line, second += line)
            {
                var (k, l) = (TNumbers.Widen(first), TNumbers.Widen(second));
                Add(k, l, q0[d], ref a0, ref c0);
                Add(k, l, q1[d], ref a1, ref c1);
                Add(k, l, q2[d], ref a2, ref c2);
                Add(k, l, q3[d], ref a3, ref c3);
            }

            var s = scores + b * Attention.BlockTokens;
            Put(s, a0 * firstScale, c0 * secondScale);
            Put(s + stride, a1 * firstScale, c1 * secondScale);
            Put(s + 2 * stride, a2 * firstScale, c2 * secondScale);
            Put(s + 3 * stride, a3 * firstScale, c3 * secondScale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreEight(in AttentionTile tile, float* scores, int stride, int lastBlock)
    {
        float* q0 = Query(tile, 0), q1 = Query(tile, 1), q2 = Query(tile, 2), q3 = Query(tile, 3);
        float* q4 = Query(tile, 4), q5 = Query(tile, 5), q6 = Query(tile, 6), q7 = Query(tile, 7);
        var line = Lanes.Width * TNumbers.Bytes;
        for (var b = 0; b <= lastBlock; b += 2)
        {
            byte* first = Block(tile, b), second = Block(tile, Math.Min(b + 1, lastBlock));
            var (firstScale, secondScale) = (ScoreScale(first, tile.HeadSize), ScoreScale(second, tile.HeadSize));
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
            for (var d = 0; d < tile.HeadSize; d++, first += line, second += line)
            {
                var (k, l) = (TNumbers.Widen(first), TNumbers.Widen(second));
                Add(k, l, q0[d], ref a0, ref c0);
                Add(k, l, q1[d], ref a1, ref c1);
                Add(k, l, q2[d], ref a2, ref c2);
                Add(k, l, q3[d], ref a3, ref c3);
                Add(k, l, q4[d], ref a4, ref c4);
                Add(k, l, q5[d], ref a5, ref c5);
                Add(k, l, q6[d], ref a6, ref c6);
                Add(k, l, q7[d], ref a7, ref c7);
            }

            var s = scores + b * Attention.BlockTokens;
            Put(s, a0 * firstScale, c0 * secondScale);
            Put(s + stride, a1 * firstScale, c1 * secondScale);
            Put(s + 2 * stride, a2 * firstScale, c2 * secondScale);
            Put(s + 3 * stride, a3 * firstScale, c3 * secondScale);
            Put(s + 4 * stride, a4 * firstScale, c4 * secondScale);
            Put(s + 5 * stride, a5 * firstScale, c5 * secondScale);
            Put(s + 6 * stride, a6 * firstScale, c6 * secondScale);
            Put(s + 7 * stride, a7 * firstScale, c7 * secondScale);
        }
    }

    /// <summary>One factor times two vectors, added to two sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> first, Vector512<float> second, float factor, ref Vector512<float> a, ref Vector512<float> b)
    {
        var f = Vector512.Create(factor);
        a = Vector512.FusedMultiplyAdd(first, f, a);
        b = Vector512.FusedMultiplyAdd(second, f, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* y, Vector512<float> first, Vector512<float> second)
    {
        first.Store(y);
        second.Store(y + Lanes.Width);
    }

    /// <summary>
    /// Weights of the first <paramref name="length"/> tokens, times their values' scales where there are some; all others become
    /// exactly zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(in AttentionTile tile, float* scores, int length, int stride)
    {
        new Span<float>(scores + length, stride - length).Fill(float.NegativeInfinity);
        var used = (length + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
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
            var weight = Vector512.Load(scores + i) * inverse;
            (TNumbers.HasScales ? weight * Vector512.Load(KvLayout<TNumbers>.ValueScales(Block(tile, i / Lanes.Width), tile.HeadSize)) : weight).Store(scores + i);
        }

        new Span<float>(scores + used, stride - used).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighFour(in AttentionTile tile, float* scores, int stride, int dimension, int length)
    {
        var last = tile.Rows - 1;
        float* s0 = scores, s1 = scores + Math.Min(1, last) * stride, s2 = scores + Math.Min(2, last) * stride, s3 = scores + last * stride;
        var (part, row) = (Lanes.Width * TNumbers.Bytes, tile.HeadSize * TNumbers.Bytes);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var b = 0; b * Attention.BlockTokens < length; b++)
        {
            var values = KvLayout<TNumbers>.Values(Block(tile, b), tile.HeadSize) + dimension * TNumbers.Bytes;
            var end = Math.Min(length, (b + 1) * Attention.BlockTokens);
            for (var t = b * Attention.BlockTokens; t < end; t++, values += row)
            {
                var (v0, v1) = (TNumbers.Widen(values), TNumbers.Widen(values + part));
                var (v2, v3) = (TNumbers.Widen(values + 2 * part), TNumbers.Widen(values + 3 * part));
                Add(v0, v1, s0[t], ref a0, ref a1);
                Add(v2, v3, s0[t], ref a2, ref a3);
                Add(v0, v1, s1[t], ref b0, ref b1);
                Add(v2, v3, s1[t], ref b2, ref b3);
                Add(v0, v1, s2[t], ref c0, ref c1);
                Add(v2, v3, s2[t], ref c2, ref c3);
                Add(v0, v1, s3[t], ref d0, ref d1);
                Add(v2, v3, s3[t], ref d2, ref d3);
            }
        }

        Put(tile, 0, dimension, a0, a1);
        Put(tile, 0, dimension + 32, a2, a3);
        Put(tile, 1, dimension, b0, b1);
        Put(tile, 1, dimension + 32, b2, b3);
        Put(tile, 2, dimension, c0, c1);
        Put(tile, 2, dimension + 32, c2, c3);
        Put(tile, 3, dimension, d0, d1);
        Put(tile, 3, dimension + 32, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighEight(in AttentionTile tile, float* scores, int stride, int dimension, int length)
    {
        var last = tile.Rows - 1;
        float* s0 = scores, s1 = scores + stride, s2 = scores + 2 * stride, s3 = scores + 3 * stride, s4 = scores + 4 * stride;
        float* s5 = scores + Math.Min(5, last) * stride, s6 = scores + Math.Min(6, last) * stride, s7 = scores + last * stride;
        var (part, row) = (Lanes.Width * TNumbers.Bytes, tile.HeadSize * TNumbers.Bytes);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (var b = 0; b * Attention.BlockTokens < length; b++)
        {
            var values = KvLayout<TNumbers>.Values(Block(tile, b), tile.HeadSize) + dimension * TNumbers.Bytes;
            var end = Math.Min(length, (b + 1) * Attention.BlockTokens);
            for (var t = b * Attention.BlockTokens; t < end; t++, values += row)
            {
                var (v, w) = (TNumbers.Widen(values), TNumbers.Widen(values + part));
                Add(v, w, s0[t], ref a0, ref c0);
                Add(v, w, s1[t], ref a1, ref c1);
                Add(v, w, s2[t], ref a2, ref c2);
                Add(v, w, s3[t], ref a3, ref c3);
                Add(v, w, s4[t], ref a4, ref c4);
                Add(v, w, s5[t], ref a5, ref c5);
                Add(v, w, s6[t], ref a6, ref c6);
                Add(v, w, s7[t], ref a7, ref c7);
            }
        }

        Put(tile, 0, dimension, a0, c0);
        Put(tile, 1, dimension, a1, c1);
        Put(tile, 2, dimension, a2, c2);
        Put(tile, 3, dimension, a3, c3);
        Put(tile, 4, dimension, a4, c4);
        Put(tile, 5, dimension, a5, c5);
        Put(tile, 6, dimension, a6, c6);
        Put(tile, 7, dimension, a7, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(in AttentionTile tile, int row, int dimension, Vector512<float> first, Vector512<float> second)
    {
        if (row < tile.Rows)
        {
            Put(tile.Outputs[row] + dimension, first, second);
        }
    }

    /// <summary>Sixteen dimensions of four rows: what is left of head sizes that are no multiple of 32 or 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighNarrow(in AttentionTile tile, float* scores, int stride, int row, int dimension, int length)
    {
        var last = tile.Rows - 1;
        float* s0 = scores + row * stride, s1 = scores + Math.Min(row + 1, last) * stride;
        float* s2 = scores + Math.Min(row + 2, last) * stride, s3 = scores + Math.Min(row + 3, last) * stride;
        var sums = stackalloc Vector512<float>[4];
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var block = 0; block * Attention.BlockTokens < length; block++)
        {
            var values = KvLayout<TNumbers>.Values(Block(tile, block), tile.HeadSize) + dimension * TNumbers.Bytes;
            var end = Math.Min(length, (block + 1) * Attention.BlockTokens);
            for (var t = block * Attention.BlockTokens; t < end; t++, values += tile.HeadSize * TNumbers.Bytes)
            {
                var v = TNumbers.Widen(values);
                a = Vector512.FusedMultiplyAdd(v, Vector512.Create(s0[t]), a);
                b = Vector512.FusedMultiplyAdd(v, Vector512.Create(s1[t]), b);
                c = Vector512.FusedMultiplyAdd(v, Vector512.Create(s2[t]), c);
                d = Vector512.FusedMultiplyAdd(v, Vector512.Create(s3[t]), d);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (a, b, c, d);
        for (var r = 0; r < Math.Min(4, tile.Rows - row); r++)
        {
            sums[r].Store(tile.Outputs[row + r] + dimension);
        }
    }
}
