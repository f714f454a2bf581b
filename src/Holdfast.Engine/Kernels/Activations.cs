using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// The inputs of a matrix product, one row a token, in the two forms that kernels want: plain floats, and 8-bit integers with a
/// float scale for each 32. Four tokens are interleaved block by block (<see cref="ActivationView"/>).
/// <para>
/// Fine activations have a second form of the same shape: what rounding to 8 bits left over, rounded to 8 bits in its turn. Products
/// with both have 15 bits and cost twice the arithmetic of the same weights.
/// </para>
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    public const int TileTokens = 4;
    public const int BlockLength = 32;

    private readonly NativeBuffer _blocks;
    private readonly NativeBuffer _floats;

    public Activations(int tokensMax, int length, bool isFine = false)
    {
        Rest = isFine ? new Activations(tokensMax, length) : null;
        var tokens = (tokensMax + TileTokens - 1) / TileTokens * TileTokens;
        Length = length;
        Blocks = length / BlockLength;
        _blocks = new NativeBuffer((long)tokens / TileTokens * Blocks * ActivationView.Step);
        _floats = NativeBuffer.OfFloats((long)tokens * length);
    }

    public int Length { get; }

    public int Blocks { get; }

    /// <summary>What the 8-bit form leaves over; null when it is dropped.</summary>
    public Activations? Rest { get; }

    public long Bytes => _blocks.Bytes + _floats.Bytes + (Rest?.Bytes ?? 0);

    /// <summary>The row of a token, to be written before <see cref="Quantise"/>.</summary>
    public Span<float> Row(int token) => new(Pointer(token), Length);

    public float* Pointer(int token) => _floats.Floats + (long)token * Length;

    public ActivationView View(int token)
    {
        var tile = _blocks.Start + (long)(token / TileTokens) * Blocks * ActivationView.Step;
        var place = token % TileTokens;
        return new ActivationView(
            (sbyte*)tile + place * ActivationView.TokenStep, (float*)(tile + TileTokens * ActivationView.TokenStep) + place);
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
            Vector256.Narrow(lowShorts, highShorts).Store(view.Quants + b * ActivationView.Step);
            var highSum = Vector512.Sum(highInts);
            var sum = Vector512.Sum(lowInts) + highSum;
            var scale = view.Scales + b * ActivationView.FloatStep;
            *scale = largest / 127f;
            *ActivationView.NegatedSum(scale) = -sum;
            *ActivationView.NegatedHighSum(scale) = -highSum;
            *ActivationView.ScaledSum(scale) = largest / 127f * sum;
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
        _blocks.Dispose();
        _floats.Dispose();
        Rest?.Dispose();
    }
}
