using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>The definition of attention, one row and one number at a time; <see cref="BlockAttention{TNumbers}"/> gives the same bits.</summary>
internal static unsafe class ScalarAttention<TNumbers>
    where TNumbers : struct, IKvNumbers
{
    public static void Run(in AttentionTile tile, float* weights)
    {
        for (var r = 0; r < tile.Rows; r++)
        {
            Score(tile, r, weights);
            Softmax(tile, tile.Lengths[r], weights);
            for (var d = 0; d < tile.HeadSize; d++)
            {
                tile.Outputs[r][d] = Weigh(tile, tile.Lengths[r], weights, d);
            }
        }
    }

    private static byte* Block(in AttentionTile tile, int token) => tile.Head + tile.Blocks[token / Attention.BlockTokens] * tile.BlockStride;

    private static void Score(in AttentionTile tile, int row, float* scores)
    {
        for (var t = 0; t < tile.Lengths[row]; t++)
        {
            var keys = Block(tile, t);
            var slot = t % Attention.BlockTokens;
            var sum = 0f;
            for (var d = 0; d < tile.HeadSize; d++)
            {
                sum = MathF.FusedMultiplyAdd(TNumbers.Number(keys, d * Attention.BlockTokens + slot), tile.Queries[row][d], sum);
            }

            var scale = 1f / MathF.Sqrt(tile.HeadSize);
            scores[t] = sum * (TNumbers.HasScales ? scale * KvLayout<TNumbers>.KeyScales(keys, tile.HeadSize)[slot] : scale);
        }
    }

    private static void Softmax(in AttentionTile tile, int length, float* scores)
    {
        var top = float.NegativeInfinity;
        for (var t = 0; t < length; t++)
        {
            top = MathF.Max(top, scores[t]);
        }

        var lanes = stackalloc float[Lanes.Width];
        new Span<float>(lanes, Lanes.Width).Clear();
        for (var t = 0; t < length; t++)
        {
            scores[t] = Lanes.Exp(scores[t] - top);
            lanes[t % Lanes.Width] += scores[t];
        }

        var inverse = 1f / Lanes.Sum(Vector512.Load(lanes));
        for (var t = 0; t < length; t++)
        {
            var weight = scores[t] * inverse;
            scores[t] = TNumbers.HasScales ? weight * KvLayout<TNumbers>.ValueScales(Block(tile, t), tile.HeadSize)[t % Attention.BlockTokens] : weight;
        }
    }

    private static float Weigh(in AttentionTile tile, int length, float* weights, int dimension)
    {
        var sum = 0f;
        for (var t = 0; t < length; t++)
        {
            var values = KvLayout<TNumbers>.Values(Block(tile, t), tile.HeadSize);
            sum = MathF.FusedMultiplyAdd(TNumbers.Number(values, t % Attention.BlockTokens * tile.HeadSize + dimension), weights[t], sum);
        }

        return sum;
    }
}
