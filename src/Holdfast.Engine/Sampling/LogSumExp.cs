using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Sampling;

/// <summary>The logarithm of the sum of exponentials, which turns logits into log probabilities. Sums in doubles and in one order, so every machine gives the same bits.</summary>
internal static class LogSumExp
{
    public static double Of(ReadOnlySpan<float> logits)
    {
        var lanes = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var rest = logits[(lanes.Length * Lanes.Width)..];
        var tops = Vector512.Create(float.NegativeInfinity);
        foreach (var lane in lanes)
        {
            tops = Vector512.Max(tops, lane);
        }

        var largest = Lanes.Max(tops);
        foreach (var logit in rest)
        {
            largest = Math.Max(largest, logit);
        }

        var shift = Vector512.Create(largest);
        var sums = Vector512<double>.Zero;
        foreach (var lane in lanes)
        {
            var (low, high) = Vector512.Widen(Lanes.Exp(lane - shift));
            sums += low + high;
        }

        var sum = 0.0;
        for (var i = 0; i < Vector512<double>.Count; i++)
        {
            sum += sums[i];
        }

        foreach (var logit in rest)
        {
            sum += Lanes.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }
}
