using CsCheck;
using Holdfast.Engine.Sampling;

namespace Holdfast.Tests.Engine.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] Logits = [1f, 3f, 2f, -1f, 3f, 0f, .5f];

    [Fact]
    public void Temperature_zero_takes_the_first_of_the_likeliest() => Assert.Equal(1, Sample(new SamplingSettings { Temperature = 0 }));

    [Fact]
    public void A_mask_leaves_only_what_it_allows() =>
        Assert.Equal(3, Sample(new SamplingSettings { Temperature = 0 }, allowed: [0b1001000 & ~(1ul << 6)]));

    [Fact]
    public void Draws_follow_the_probabilities()
    {
        var counts = new int[Logits.Length];
        for (var position = 0; position < 20000; position++)
        {
            counts[Sample(new SamplingSettings { Seed = 5 }, position)]++;
        }

        var total = Logits.Sum(l => Math.Exp(l));
        Assert.All(Logits.Zip(counts), pair => Assert.Equal(Math.Exp(pair.First) / total, pair.Second / 20000.0, .015));
    }

    [Fact]
    public void Top_k_top_p_and_min_p_cut_the_tail() =>
        Gen.Int[0, 100000].Sample(position =>
        {
            var top2 = Sample(new SamplingSettings { TopK = 2 }, position);
            var nucleus = Sample(new SamplingSettings { TopP = .6 }, position);
            var minP = Sample(new SamplingSettings { MinP = .3 }, position);
            return top2 is 1 or 4 && nucleus is 1 or 4 && minP is 1 or 4 or 2;
        });

    [Theory]
    [InlineData(1, 3, 1, 0)]
    [InlineData(1, 0, .8, 0)]
    [InlineData(1, 0, 1, .1)]
    [InlineData(1, 4, .95, 0)]
    [InlineData(1, 4, .9, 0)]
    [InlineData(1, 0, .8, .1)]
    [InlineData(.5, 5, .999, .001)]
    [InlineData(3, 6, .99, 0)]
    public void Draws_follow_the_probabilities_of_what_is_kept(double temperature, int topK, double topP, double minP)
    {
        const int Draws = 20_000;
        var settings = new SamplingSettings { Seed = 9, Temperature = temperature, TopK = topK, TopP = topP, MinP = minP };
        var counts = new int[Logits.Length];
        for (var position = 0; position < Draws; position++)
        {
            counts[Sample(settings, position)]++;
        }

        var sorted = Logits.Select((l, i) => (Token: i, Weight: Math.Exp((l - Logits.Max()) / temperature))).Where(c => c.Weight >= minP).OrderByDescending(c => c.Weight).ThenBy(c => c.Token).Take(topK > 0 ? topK : int.MaxValue).ToList();
        var enough = topP * sorted.Sum(c => c.Weight);
        var kept = sorted.Where((_, i) => sorted.Take(i).Sum(c => c.Weight) < enough).ToDictionary(c => c.Token, c => c.Weight);
        var total = kept.Values.Sum();
        Assert.All(counts.Select((count, token) => (count, token)), c => Assert.Equal(kept.GetValueOrDefault(c.token) / total, c.count / (double)Draws, kept.ContainsKey(c.token) ? .015 : 0));
    }

    [Fact]
    public void The_same_seed_choice_and_position_draw_the_same_and_others_differ()
    {
        var draws = new HashSet<double>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(CounterRandom.Uniform(7, 1, i), CounterRandom.Uniform(7, 1, i));
            Assert.True(draws.Add(CounterRandom.Uniform(7, 1, i)) & draws.Add(CounterRandom.Uniform(7, 2, i)) & draws.Add(CounterRandom.Uniform(8, 1, i)));
        }

        Assert.Equal(.5, draws.Average(), .02);
        Assert.All(draws, d => Assert.InRange(d, 0, 1));
    }

    [Fact]
    public void Penalties_lower_what_was_said_before()
    {
        var counts = new TokenCounts([1]);
        counts.Add(4);
        Assert.Equal(4, Sample(new SamplingSettings { Temperature = 0, RepetitionPenalty = 2, LogitBias = new Dictionary<int, double> { [4] = 9 } }, counts: counts));
        Assert.Equal(2, Sample(new SamplingSettings { Temperature = 0, RepetitionPenalty = 2 }, counts: counts));
        Assert.Equal(1, Sample(new SamplingSettings { Temperature = 0, PresencePenalty = 2 }, counts: counts));
        Assert.Equal(1, Sample(new SamplingSettings { Temperature = 0, FrequencyPenalty = 2 }, counts: counts));
    }

    [Fact]
    public void Penalties_are_those_of_the_definition() =>
        Gen.Select(Gen.Float[-8, 8].Array[6, 6], Gen.Int[0, 5].Array[0, 6], Gen.Int[0, 5].Array[0, 12], Gen.Double[.5, 2], Gen.Double[-2, 2], Gen.Double[-2, 2]).Sample(
            (logits, prompt, answer, repetition, presence, frequency) =>
            {
                var counts = new TokenCounts(prompt);
                Array.ForEach(answer, counts.Add);
                var penalised = logits.ToArray();
                counts.Penalise(penalised, new SamplingSettings { RepetitionPenalty = repetition, PresencePenalty = presence, FrequencyPenalty = frequency });
                for (var token = 0; token < logits.Length; token++)
                {
                    var (seen, times) = (prompt.Contains(token) || answer.Contains(token), answer.Count(t => t == token));
                    var repeated = !seen ? logits[token] : logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
                    Assert.Equal(repeated - (times > 0 ? presence : 0) - frequency * times, penalised[token], 1e-4);
                }
            },
            iter: 2_000);

    [Fact]
    public void Logprobs_come_from_the_raw_logits_in_falling_order()
    {
        var sampled = new Sampler(Logits.Length).Sample(
            Logits, new SamplingSettings { Temperature = 0, WantsLogprobs = true, TopLogprobs = 3, LogitBias = new Dictionary<int, double> { [5] = 50 } }, null, 0, 0, [])!.Value;
        var normaliser = Math.Log(Logits.Sum(l => Math.Exp(l)));
        Assert.Equal(5, sampled.Token);
        Assert.Equal(0 - normaliser, sampled.Logprob, 1e-6);
        Assert.Equal([1, 4, 2], sampled.Top.Select(t => t.Token));
        Assert.Equal(3 - normaliser, sampled.Top[0].Logprob, 1e-6);
    }

    [Fact]
    public void The_normaliser_of_log_probabilities_is_that_of_the_plain_sum() =>
        Gen.Float[-60, 60].Array[1, 300].Sample(
            logits =>
            {
                var largest = logits.Max();
                Assert.Equal(largest + Math.Log(logits.Sum(l => Math.Exp((double)l - largest))), LogSumExp.Of(logits), 1e-6);
            },
            iter: 1_000);

    [Fact]
    public void The_likeliest_are_those_of_a_sorted_list_the_first_of_equals_first() =>
        Gen.Select(Gen.Int[-9, 9].Array[1, 200], Gen.Int[1, 20]).Sample(
            (steps, count) =>
            {
                var logits = steps.Select(s => s / 2f).ToArray();
                var sampled = new Sampler(logits.Length).Sample(logits, new SamplingSettings { Temperature = 0, WantsLogprobs = true, TopLogprobs = count }, null, 0, 0, [])!.Value;
                Assert.Equal(Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ThenBy(i => i).Take(count), sampled.Top.Select(t => t.Token));
            },
            iter: 2_000);

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(1, float.NaN)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    public void Logits_that_are_no_finite_numbers_choose_no_token(float first, float second)
    {
        foreach (var temperature in new[] { 0, 1 })
        {
            Assert.Null(new Sampler(2).Sample([first, second], new SamplingSettings { Temperature = temperature, TopP = .5 }, null, 0, 0, []));
        }
    }

    [Fact]
    public void Settings_out_of_range_are_named() =>
        Assert.Equal(
            ["temperature", "min_p", "logit_bias"],
            new SamplingSettings { Temperature = -1, MinP = double.NaN, LogitBias = new Dictionary<int, double> { [99] = 0 } }.Faults(10).Select(f => f.Param));

    private static int Sample(SamplingSettings settings, int position = 0, TokenCounts? counts = null, ulong[]? allowed = null) =>
        new Sampler(Logits.Length).Sample(Logits, settings, counts, 0, position, allowed)!.Value.Token;
}
