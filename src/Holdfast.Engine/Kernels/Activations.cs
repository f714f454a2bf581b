using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// The inputs of a matrix product, one row a token, in the two forms that kernels want: plain floats, and 8-bit integers with a
/// float scale for each 32. Four tokens are interleaved block by block, so that one pointer with constant offsets reaches them:
/// <code>
/// quants   tile 0: [block 0: t0 x 32, t1 x 32, t2 x 32, t3 x 32] [block 1: ...]
/// scales   tile 0: [block 0: t0 t1 t2 t3] [block 1: ...]      the same for the two sums
/// </code>
/// A sum is stored negated: kernels keep weights unsigned and start their accumulators at -sum x bias.
/// <para>
/// Fine activations have a second form of the same shape: what rounding to 8 bits left over, rounded to 8 bits in its turn. Products
/// with both have 15 bits and cost twice the arithmetic of the same weights.
/// </para>
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    public const int TileTokens = 4;
    public const int BlockLength = 32;

    private readonly NativeBuffer _quants;
    private readonly NativeBuffer _scales;
    private readonly NativeBuffer _sums;
    private readonly NativeBuffer _highSums;
    private readonly NativeBuffer _floats;

    public Activations(int tokensMax, int length, bool isFine = false)
    {
        Rest = isFine ? new Activations(tokensMax, length) : null;
        var tokens = (tokensMax + TileTokens - 1) / TileTokens * TileTokens;
        Length = length;
        Blocks = length / BlockLength;
        _quants = new NativeBuffer((long)tokens * length);
        _scales = NativeBuffer.OfFloats((long)tokens * Blocks);
        _sums = new NativeBuffer((long)tokens * Blocks * sizeof(int));
        _highSums = new NativeBuffer((long)tokens * Blocks * sizeof(int));
        _floats = NativeBuffer.OfFloats((long)tokens * length);
    }

    public int Length { get; }

    public int Blocks { get; }

    /// <summary>What the 8-bit form leaves over; null when it is dropped.</summary>
    public Activations? Rest { get; }

    public long Bytes => _quants.Bytes + _scales.Bytes + _sums.Bytes + _highSums.Bytes + _floats.Bytes + (Rest?.Bytes ?? 0);

    /// <summary>The row of a token, to be written before <see cref="Quantise"/>.</summary>
    public Span<float> Row(int token) => new(Pointer(token), Length);

    public float* Pointer(int token) => _floats.Floats + (long)token * Length;

    public ActivationView View(int token)
    {
        var place = Place(token);
        return new ActivationView(
            (sbyte*)_quants.Start + place * BlockLength, _scales.Floats + place, _sums.Ints + place, _highSums.Ints + place);
    }

    /// <summary>Makes the 8-bit form of a token's row: scale = largest size / 127, rounded to nearest even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Quantise(int token)
    {
        var row = Pointer(token);
        var rest = Rest is null ? null : Rest.Pointer(token);
        var view = View(token);
        for (var b = 0; b < Blocks; b++)
        {
            var low = Vector512.Load(row + b * BlockLength);
            var high = Vector512.Load(row + b * BlockLength + Lanes.Width);
            var largest = Lanes.Max(Vector512.Max(Vector512.Abs(low), Vector512.Abs(high)));
            var inverse = Vector512.Create(largest > 0 ? 127f / largest : 0);
            var lowInts = Vector512.ConvertToInt32Native(Vector512.Round(low * inverse));
            var highInts = Vector512.ConvertToInt32Native(Vector512.Round(high * inverse));
            var lowShorts = Vector256.Narrow(lowInts.GetLower(), lowInts.GetUpper());
            var highShorts = Vector256.Narrow(highInts.GetLower(), highInts.GetUpper());
            Vector256.Narrow(lowShorts, highShorts).Store(view.Quants + b * BlockLength * TileTokens);
            var highSum = Vector512.Sum(highInts);
            view.Scales[b * TileTokens] = largest / 127f;
            view.NegatedSums[b * TileTokens] = -(Vector512.Sum(lowInts) + highSum);
            view.NegatedHighSums[b * TileTokens] = -highSum;
            if (rest != null)
            {
                var step = Vector512.Create(-largest / 127f);
                Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(lowInts), step, low).Store(rest + b * BlockLength);
                Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(highInts), step, high).Store(rest + b * BlockLength + Lanes.Width);
            }
        }

        Rest?.Quantise(token);
    }

    public void Dispose()
    {
        _quants.Dispose();
        _scales.Dispose();
        _sums.Dispose();
        _highSums.Dispose();
        _floats.Dispose();
        Rest?.Dispose();
    }

    private long Place(int token) => (long)(token / TileTokens) * Blocks * TileTokens + token % TileTokens;
}
