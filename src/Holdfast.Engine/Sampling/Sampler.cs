using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Sampling;

/// <summary>Chooses tokens. Holds scratch of the size of the vocabulary; one owner thread. The same inputs give the same token.</summary>
internal sealed class Sampler
{
    private readonly int _vocabulary;
    private readonly float[] _work;
    private readonly KeptTokens _kept = new();

    public Sampler(int vocabulary)
    {
        _vocabulary = vocabulary;
        _work = new float[(vocabulary + Lanes.Width - 1) / Lanes.Width * Lanes.Width];
    }

    /// <summary>
    /// Penalties, bias, mask, temperature, min-p, top-k, top-p, in this order. <paramref name="allowed"/> has a bit for each token and
    /// is empty when all are allowed. Log probabilities come from the raw logits. Null when no finite logit is the largest: the weights are broken.
    /// </summary>
    public SampledToken? Sample(
        ReadOnlySpan<float> logits, SamplingSettings settings, TokenCounts? counts, int choice, int position, ReadOnlySpan<ulong> allowed)
    {
        _work.AsSpan(_vocabulary).Fill(float.NegativeInfinity);
        logits.CopyTo(_work);
        counts?.Penalise(_work.AsSpan(0, _vocabulary), settings);
        if (settings.LogitBias.Count > 0)
        {
            Bias(settings.LogitBias);
        }

        if (!allowed.IsEmpty)
        {
            Mask(allowed);
        }

        // What is no number among them comes out as the largest.
        var largest = Largest(_work);
        if (!float.IsFinite(largest))
        {
            return null;
        }

        var likeliest = _work.AsSpan(0, _vocabulary).IndexOf(largest);
        var chosen = settings.Temperature <= 0 ? likeliest : Draw(settings, largest, likeliest, CounterRandom.Uniform(settings.Seed, choice, position));
        return Read(logits, chosen, settings);
    }

    /// <summary>A token that stands fixed, with what the request wants to know of it.</summary>
    public static SampledToken Read(ReadOnlySpan<float> logits, int token, SamplingSettings settings) =>
        settings.WantsLogprobs ? WithLogprobs(logits, token, settings.TopLogprobs) : new SampledToken(token, 0, []);

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        foreach (var lanes in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            largest = Vector512.Max(largest, lanes);
        }

        return Lanes.Max(largest);
    }

    private void Bias(IReadOnlyDictionary<int, double> biases)
    {
        foreach (var (token, bias) in biases)
        {
            _work[token] += (float)bias;
        }
    }

    private void Mask(ReadOnlySpan<ulong> allowed)
    {
        for (var i = 0; i < _vocabulary; i++)
        {
            if ((allowed[i >> 6] >> (i & 63) & 1) == 0)
            {
                _work[i] = float.NegativeInfinity;
            }
        }
    }

    private int Draw(SamplingSettings settings, float top, int likeliest, double uniform)
    {
        // Bounded: for the likeliest, infinity times no distance is no number.
        var (shift, scale) = (Vector512.Create(top), Vector512.Create((float)Math.Min(1 / settings.Temperature, float.MaxValue)));
        foreach (ref var lanes in MemoryMarshal.Cast<float, Vector512<float>>(_work.AsSpan()))
        {
            lanes = Lanes.Exp((lanes - shift) * scale);
        }

        if (settings.TopK <= 0 && settings.TopP >= 1 && settings.MinP <= 0)
        {
            return DrawFromAll(likeliest, uniform);
        }

        return _kept.Draw(_work.AsSpan(0, _vocabulary), settings, uniform);
    }

    private int DrawFromAll(int likeliest, double uniform)
    {
        var total = 0.0;
        foreach (var weight in _work)
        {
            total += weight;
        }

        var rest = uniform * total;
        for (var i = 0; i < _vocabulary; i++)
        {
            rest -= _work[i];
            if (rest < 0)
            {
                return i;
            }
        }

        return likeliest;
    }

    private static SampledToken WithLogprobs(ReadOnlySpan<float> logits, int chosen, int topCount)
    {
        var normaliser = LogSumExp.Of(logits);
        var top = new List<TokenLogprob>(topCount + 1);
        for (var i = 0; i < logits.Length && topCount > 0; i++)
        {
            // Once the list is full, nearly all of the vocabulary lies below its last, sixteen at a time.
            var isFull = top.Count == topCount;
            while (isFull && i + Lanes.Width <= logits.Length && !Vector512.GreaterThanAny(Vector512.Create(logits.Slice(i, Lanes.Width)), Vector512.Create(logits[top[^1].Token])))
            {
                i += Lanes.Width;
            }

            if (i < logits.Length && (!isFull || logits[i] > logits[top[^1].Token]))
            {
                var logprob = logits[i] - normaliser;
                var place = top.FindIndex(t => t.Logprob < logprob);
                top.Insert(place < 0 ? top.Count : place, new TokenLogprob(i, logprob));
                if (top.Count > topCount)
                {
                    top.RemoveAt(topCount);
                }
            }
        }

        return new SampledToken(chosen, logits[chosen] - normaliser, top);
    }
}
