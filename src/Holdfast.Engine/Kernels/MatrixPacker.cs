using System.Runtime.CompilerServices;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;

namespace Holdfast.Engine.Kernels;

/// <summary>Moves rows from the file's layout into panels of 16 and back.</summary>
internal static unsafe class MatrixPacker
{
    private const uint LowNibbles = 0x0f0f0f0f;

    public static int LineBlockBytes(TensorType type) => type switch
    {
        TensorType.F32 => 16 * 32 * 4,
        TensorType.F16 or TensorType.BF16 => 16 * 32 * 2,
        TensorType.Q8_0 => ByteLines.BlockBytes,
        TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K => FiveBitLines.BlockBytes,
        TensorType.Q6_K => SixBitLines.BlockBytes,
        _ => NibbleLines.BlockBytes,
    };

    public static long PanelScaleBytes(TensorType type, int blocks) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 => 0,
        TensorType.Q4_1 or TensorType.Q5_1 => (long)blocks * HalfMinimumScales.BlockBytes,
        TensorType.Q4_K or TensorType.Q5_K => (long)blocks / 8 * KMinimumScales.SuperBytes,
        TensorType.Q6_K => (long)blocks / 8 * KSplitScales.SuperBytes,
        _ => (long)blocks * HalfScales.BlockBytes,
    };

    /// <summary>Packs one row of the file's bytes into lane <paramref name="lane"/> of a panel. Compiled well at once: a file is read in the first second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRow(TensorType type, ReadOnlySpan<byte> row, PanelView panel, int lane)
    {
        if (BlockCodecs.Of(type) is not IQuantCodec codec)
        {
            PackFloats(row, TensorTypes.BlockBytes(type), panel.Lines, lane);
            return;
        }

        var blockBytes = TensorTypes.BlockBytes(type);
        var blockLength = TensorTypes.BlockLength(type);
        Span<byte> quants = stackalloc byte[blockLength];
        for (var i = 0; i < row.Length / blockBytes; i++)
        {
            var block = row.Slice(i * blockBytes, blockBytes);
            codec.Quants(block, quants);
            var first = i * blockLength / Activations.BlockLength;
            fixed (byte* q = quants)
            {
                for (var b = 0; b < blockLength / Activations.BlockLength; b++)
                {
                    PackLines(type, (uint*)(q + b * Activations.BlockLength), panel.Lines + (long)(first + b) * LineBlockBytes(type), lane);
                }
            }

            PackScales(type, block, panel.Scales, first, lane);
        }
    }

    public static void DecodeRow(TensorType type, PanelView panel, int lane, float* values)
    {
        switch (type)
        {
            case TensorType.F32: DecodeFloats<SingleFloats>(panel, lane, values); break;
            case TensorType.F16: DecodeFloats<HalfFloats>(panel, lane, values); break;
            case TensorType.BF16: DecodeFloats<BrainFloats>(panel, lane, values); break;
            case TensorType.Q8_0: DecodeQuants<ByteLines, HalfScales>(panel, lane, values); break;
            case TensorType.Q4_0: DecodeQuants<NibbleLines, HalfScales>(panel, lane, values); break;
            case TensorType.Q4_1: DecodeQuants<NibbleLines, HalfMinimumScales>(panel, lane, values); break;
            case TensorType.Q5_0: DecodeQuants<FiveBitLines, HalfScales>(panel, lane, values); break;
            case TensorType.Q5_1: DecodeQuants<FiveBitLines, HalfMinimumScales>(panel, lane, values); break;
            case TensorType.IQ4_NL: DecodeQuants<TableLines, HalfScales>(panel, lane, values); break;
            case TensorType.Q4_K: DecodeQuants<NibbleLines, KMinimumScales>(panel, lane, values); break;
            case TensorType.Q5_K: DecodeQuants<FiveBitLines, KMinimumScales>(panel, lane, values); break;
            case TensorType.Q6_K: DecodeQuants<SixBitLines, KSplitScales>(panel, lane, values); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "not a packed type");
        }
    }

    private static void PackFloats(ReadOnlySpan<byte> row, int bytes, byte* lines, int lane)
    {
        for (var k = 0; k < row.Length / bytes; k++)
        {
            row.Slice(k * bytes, bytes).CopyTo(new Span<byte>(lines + (k * Lanes.Width + lane) * (long)bytes, bytes));
        }
    }

    /// <summary>The 32 values of a row, four in a word, into the lines of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackLines(TensorType type, uint* quants, byte* block, int lane)
    {
        var words = (uint*)block + lane;
        if (type == TensorType.Q8_0)
        {
            for (var j = 0; j < 8; j++)
            {
                words[j * 16] = quants[j];
            }

            return;
        }

        for (var j = 0; j < 4; j++)
        {
            words[j * 16] = (quants[j] & LowNibbles) | ((quants[j + 4] & LowNibbles) << 4);
        }

        if (type is TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K)
        {
            uint high = 0;
            for (var j = 0; j < 8; j++)
            {
                high |= ((quants[j] >> 4) & 0x01010101) << j;
            }

            words[FiveBitLines.HighStart / 4] = high;
        }
        else if (type == TensorType.Q6_K)
        {
            for (var j = 0; j < 4; j++)
            {
                words[SixBitLines.HighStart / 4] |= ((quants[j] >> 4) & 0x03030303) << (2 * j);
                words[SixBitLines.HighStart / 4 + 16] |= ((quants[j + 4] >> 4) & 0x03030303) << (2 * j);
            }
        }
    }

    private static void PackScales(TensorType type, ReadOnlySpan<byte> block, byte* scales, int first, int lane)
    {
        switch (type)
        {
            case TensorType.Q4_1 or TensorType.Q5_1:
                CopyHalf(block, scales + first * HalfMinimumScales.BlockBytes, lane);
                CopyHalf(block[2..], scales + first * HalfMinimumScales.BlockBytes + 32, lane);
                break;
            case TensorType.Q4_K or TensorType.Q5_K:
                var super = scales + first / 8 * KMinimumScales.SuperBytes;
                CopyHalf(block, super, lane);
                CopyHalf(block[2..], super + 32, lane);
                for (var g = 0; g < KScales.Groups; g++)
                {
                    var (scale, minimum) = KScales.Read(block[4..], g);
                    super[64 + g * KMinimumScales.BlockBytes + lane] = (byte)scale;
                    super[64 + g * KMinimumScales.BlockBytes + 16 + lane] = (byte)minimum;
                }

                break;
            case TensorType.Q6_K:
                var split = scales + first / 8 * KSplitScales.SuperBytes;
                CopyHalf(block[Q6KCodec.FactorStart..], split, lane);
                for (var g = 0; g < 16; g++)
                {
                    split[32 + g * 16 + lane] = block[Q6KCodec.ScaleStart + g];
                }

                break;
            default:
                CopyHalf(block, scales + first * HalfScales.BlockBytes, lane);
                break;
        }
    }

    private static void CopyHalf(ReadOnlySpan<byte> half, byte* lanes, int lane)
    {
        lanes[lane * 2] = half[0];
        lanes[lane * 2 + 1] = half[1];
    }

    private static void DecodeFloats<TFloats>(PanelView panel, int lane, float* values)
        where TFloats : struct, IFloats
    {
        for (var k = 0; k < panel.Blocks * Activations.BlockLength; k++)
        {
            values[k] = TFloats.Load(panel.Lines + (long)k * Lanes.Width * TFloats.Bytes)[lane];
        }
    }

    private static void DecodeQuants<TLines, TScales>(PanelView panel, int lane, float* values)
        where TLines : struct, ILines
        where TScales : struct, IScales
    {
        var bias = TScales.HasMinimum ? 0 : 1 << TLines.BiasShift;
        for (var b = 0; b < panel.Blocks; b++)
        {
            var scale = TScales.Scale(panel.Scales, b)[lane];
            var second = TScales.Second(panel.Scales, b)[lane];
            var lines = panel.Lines + (long)b * TLines.BlockBytes;
            for (var k = 0; k < Activations.BlockLength; k++)
            {
                var quant = TLines.Quant(lines, lane, k) - bias;
                values[b * Activations.BlockLength + k] =
                    (TScales.IsSplit && k >= 16 ? second : scale) * quant + (TScales.HasMinimum ? second : 0);
            }
        }
    }
}
