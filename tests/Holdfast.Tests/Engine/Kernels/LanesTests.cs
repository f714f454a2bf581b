using System.Runtime.Intrinsics;
using CsCheck;
using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed unsafe class LanesTests
{
    [Fact]
    public void Exp_of_lanes_equals_its_scalar_twin_and_is_near_the_true_value() =>
        Gen.Float[-100, 88].Sample(x =>
        {
            var lanes = Lanes.Exp(Vector512.Create(x));
            var single = Lanes.Exp(x);
            return BitConverter.SingleToInt32Bits(lanes[3]) == BitConverter.SingleToInt32Bits(single)
                && (x < -87 ? single == 0 : Math.Abs(single - Math.Exp(x)) <= 3e-7 * Math.Exp(x));
        });

    [Fact]
    public void Exp_of_minus_infinity_is_exactly_zero() => Assert.Equal(0f, Lanes.Exp(Vector512.Create(float.NegativeInfinity))[0]);

    [Fact]
    public void A_sum_follows_the_stated_tree() =>
        Gen.Float[-10, 10].Array[16].Sample(v =>
        {
            var eight = Enumerable.Range(0, 8).Select(i => v[i] + v[i + 8]).ToArray();
            var four = Enumerable.Range(0, 4).Select(i => eight[i] + eight[i + 4]).ToArray();
            return Lanes.Sum(Vector512.Create(v)) == four[0] + four[2] + (four[1] + four[3]) && Lanes.Max(Vector512.Create(v)) == v.Max();
        });

    [Fact]
    public void Every_half_widens_to_its_float_and_narrows_back()
    {
        var halves = stackalloc ushort[16];
        var back = stackalloc ushort[16];
        for (var bits = 0; bits < 0x10000; bits += 16)
        {
            for (var i = 0; i < 16; i++)
            {
                halves[i] = (ushort)(bits + i);
            }

            var wide = HalfLanes.Widen(halves);
            HalfLanes.Narrow(wide, back);
            for (var i = 0; i < 16 && ((bits + i) & 0x7c00) != 0x7c00; i++)
            {
                Assert.Equal((float)BitConverter.UInt16BitsToHalf(halves[i]), wide[i]);
                Assert.Equal(halves[i], back[i]);
            }
        }
    }

    [Fact]
    public void Floats_narrow_to_the_nearest_half() =>
        Gen.Select(Gen.Float[-2, 2], Gen.Int[-30, 17]).Sample((mantissa, exponent) =>
        {
            var value = mantissa * MathF.Pow(2, exponent);
            var halves = stackalloc ushort[16];
            HalfLanes.Narrow(Vector512.Create(value), halves);
            var expected = Math.Clamp(value, -65504f, 65504f);
            return halves[5] == BitConverter.HalfToUInt16Bits((Half)expected);
        }, iter: 20000);
}
