using System.Runtime.Intrinsics;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Sampling;

/// <summary>
/// Draws among the tokens that min-p, top-k and top-p leave, as if all were sorted by falling weight, the lower token first among equals.
/// Only counts and sums of narrow buckets are made of all; what is sorted is the bucket where a limit or the draw falls: sorting a flat
/// distribution's 49,000 candidates cost more than the model itself.
/// </summary>
internal sealed class KeptTokens
{
    /// <summary>Tokens this much less likely than the likeliest are no candidates.</summary>
    private const float CandidateMin = 1e-9f;

    /// <summary>Bits of the mantissa that do not count: 64 buckets for each halving of the weight.</summary>
    private const int BucketShift = 17;

    private static readonly int FirstBits = BitConverter.SingleToInt32Bits(CandidateMin) >> BucketShift;
    private static readonly int Buckets = (BitConverter.SingleToInt32Bits(1f) >> BucketShift) - FirstBits + 1;

    private readonly int[] _counts = new int[Buckets];
    private readonly double[] _sums = new double[Buckets];
    private readonly List<(float Weight, int Token)> _sorted = [];

    // The lowest bucket that is kept, how many of its tokens are, and their sum.
    private int _last;
    private int _lastCount;
    private double _lastSum;

    /// <summary><paramref name="weights"/>: the likeliest token has 1, the others less. <paramref name="uniform"/> lies in [0, 1).</summary>
    public int Draw(ReadOnlySpan<float> weights, SamplingSettings settings, double uniform)
    {
        var least = Math.Max(CandidateMin, (float)settings.MinP);
        Count(weights, least);
        if (settings.TopK > 0)
        {
            KeepFirst(weights, least, settings.TopK);
        }

        if (settings.TopP < 1)
        {
            KeepMass(weights, least, settings.TopP * Total());
        }

        var rest = uniform * Total();
        var bucket = Buckets - 1;
        for (; bucket > _last && rest >= _sums[bucket]; bucket--)
        {
            rest -= _sums[bucket];
        }

        Sort(weights, bucket, least);
        var count = bucket == _last ? _lastCount : _sorted.Count;
        for (var i = 0; i < count - 1; i++)
        {
            rest -= _sorted[i].Weight;
            if (rest < 0)
            {
                return _sorted[i].Token;
            }
        }

        return _sorted[count - 1].Token;
    }

    private static int Bucket(float weight) => Math.Min((BitConverter.SingleToInt32Bits(weight) >> BucketShift) - FirstBits, Buckets - 1);

    private void Count(ReadOnlySpan<float> weights, float least)
    {
        Array.Clear(_counts);
        Array.Clear(_sums);
        _last = Buckets - 1;
        foreach (var weight in weights)
        {
            if (weight >= least)
            {
                var bucket = Bucket(weight);
                _counts[bucket]++;
                _sums[bucket] += weight;
                _last = Math.Min(_last, bucket);
            }
        }

        (_lastCount, _lastSum) = (_counts[_last], _sums[_last]);
    }

    /// <summary>Top-k.</summary>
    private void KeepFirst(ReadOnlySpan<float> weights, float least, int count)
    {
        var bucket = Buckets - 1;
        for (; bucket > _last && _counts[bucket] < count; bucket--)
        {
            count -= _counts[bucket];
        }

        if (count < (bucket == _last ? _lastCount : _counts[bucket]))
        {
            Sort(weights, bucket, least);
            KeepOf(bucket, count);
        }
        else
        {
            KeepOf(bucket);
        }
    }

    /// <summary>Top-p: as few as have <paramref name="enough"/> together.</summary>
    private void KeepMass(ReadOnlySpan<float> weights, float least, double enough)
    {
        var bucket = Buckets - 1;
        for (; bucket > _last && _sums[bucket] < enough; bucket--)
        {
            enough -= _sums[bucket];
        }

        Sort(weights, bucket, least);
        var most = bucket == _last ? _lastCount : _sorted.Count;
        var count = 0;
        for (var sum = 0.0; count < most && (count == 0 || sum < enough); count++)
        {
            sum += _sorted[count].Weight;
        }

        KeepOf(bucket, count);
    }

    private void KeepOf(int bucket)
    {
        if (bucket > _last)
        {
            (_last, _lastCount, _lastSum) = (bucket, _counts[bucket], _sums[bucket]);
        }
    }

    /// <summary>Keeps the first of a bucket that is sorted.</summary>
    private void KeepOf(int bucket, int count)
    {
        (_last, _lastCount, _lastSum) = (bucket, count, 0);
        for (var i = 0; i < count; i++)
        {
            _lastSum += _sorted[i].Weight;
        }
    }

    private double Total()
    {
        var total = _lastSum;
        for (var bucket = Buckets - 1; bucket > _last; bucket--)
        {
            total += _sums[bucket];
        }

        return total;
    }

    /// <summary>The tokens of a bucket, by falling weight.</summary>
    private void Sort(ReadOnlySpan<float> weights, int bucket, float least)
    {
        _sorted.Clear();
        var floor = Vector512.Create(BitConverter.Int32BitsToSingle((bucket + FirstBits) << BucketShift));
        for (var start = 0; start < weights.Length; start += Lanes.Width)
        {
            // Nearly all of the vocabulary lies below the bucket, sixteen at a time.
            if (start + Lanes.Width <= weights.Length && !Vector512.GreaterThanOrEqualAny(Vector512.Create(weights.Slice(start, Lanes.Width)), floor))
            {
                continue;
            }

            for (var token = start; token < Math.Min(start + Lanes.Width, weights.Length); token++)
            {
                if (weights[token] >= least && Bucket(weights[token]) == bucket)
                {
                    _sorted.Add((weights[token], token));
                }
            }
        }

        _sorted.Sort(static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Token.CompareTo(b.Token));
    }
}
