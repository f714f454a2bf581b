using CsCheck;
using Holdfast.Engine.Sampling;

namespace Holdfast.Tests.Engine.Sampling;

public sealed class KeptTokensTests
{
    /// <summary>Spread over many magnitudes, flat, or with many equals.</summary>
    private static readonly Gen<float> Weight = Gen.OneOf(
        Gen.Float[-25, 0].Select(power => MathF.Exp(power)), Gen.Float[.9f, 1], Gen.Int[0, 4].Select(step => step / 4f), Gen.Const(0f));

    [Fact]
    public void A_draw_is_that_of_the_whole_sorted_list() =>
        Gen.Select(Weight.Array[0, 600], Gen.Int[0, 700], Gen.OneOf(Gen.Const(0), Gen.Int[1, 700]), Gen.OneOf(Gen.Const(1.0), Gen.Double[0, 1]), Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1]), Gen.Double[0, 1]).Sample(
            (others, place, topK, topP, minP, uniform) =>
            {
                float[] weights = [.. others.Take(place), 1, .. others.Skip(place)];
                var settings = new SamplingSettings { TopK = topK, TopP = topP, MinP = minP };
                var kept = Kept(weights, settings);
                var (drawn, at) = (new KeptTokens().Draw(weights, settings, uniform), uniform * kept.Sum(c => (double)c.Weight));
                var index = kept.FindIndex(c => c.Token == drawn);
                Assert.True(index >= 0, $"{drawn} is not kept");

                // Sums in another order differ in their last digits.
                var before = kept.Take(index).Sum(c => (double)c.Weight);
                Assert.InRange(at, before - 1e-9, before + kept[index].Weight + 1e-9);
            },
            iter: 5_000);

    [Theory]
    [InlineData(0, 1, 0, 5)]
    [InlineData(3, 1, 0, 3)]
    [InlineData(0, .5, 0, 2)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 1, .25, 4)]
    [InlineData(4, .75, .1, 3)]
    public void Only_what_is_kept_is_drawn_and_all_of_it(int topK, double topP, double minP, int count)
    {
        float[] weights = [.25f, 1, .5f, .125f, .5f];
        var drawn = Enumerable.Range(0, 1000).Select(i => new KeptTokens().Draw(weights, new SamplingSettings { TopK = topK, TopP = topP, MinP = minP }, i / 1000.0)).Distinct().Order();
        Assert.Equal(new[] { 1, 2, 4, 0, 3 }.Take(count).Order(), drawn);
    }

    private static List<(float Weight, int Token)> Kept(float[] weights, SamplingSettings settings)
    {
        var kept = weights.Select((weight, token) => (Weight: weight, Token: token)).Where(c => c.Weight >= 1e-9f && c.Weight >= (float)settings.MinP)
            .OrderByDescending(c => c.Weight).ThenBy(c => c.Token).Take(settings.TopK > 0 ? settings.TopK : int.MaxValue).ToList();
        var (sum, enough) = (0.0, settings.TopP * kept.Sum(c => (double)c.Weight));
        var border = kept.FindIndex(c => (sum += c.Weight) >= enough - 1e-9);
        return border < 0 ? kept : kept[..(border + 1)];
    }
}
