using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed class HadamardTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(64, 64)]
    [InlineData(80, 16)]
    [InlineData(96, 32)]
    [InlineData(128, 128)]
    public void Every_dimension_of_a_group_is_the_signed_sum_of_all(int headSize, int group)
    {
        var head = Enumerable.Range(0, headSize).Select(i => MathF.Sin(i + 1)).ToArray();
        var turned = head.ToArray();
        Hadamard.Turn(turned);
        for (var i = 0; i < headSize; i++)
        {
            var start = i / group * group;
            var sum = Enumerable.Range(0, group).Sum(j => (int.PopCount(i - start & j) % 2 == 0 ? 1 : -1) * (double)head[start + j]);
            Assert.Equal(sum / Math.Sqrt(group), turned[i], 1e-5);
        }
    }

    [Fact]
    public void Products_stay_and_a_peak_is_spread()
    {
        var (query, key) = (new float[64], new float[64]);
        (query[3], query[40], key[3], key[41]) = (2, 5, 100, 1);
        Hadamard.Turn(query);
        Hadamard.Turn(key);
        Assert.Equal(200, query.Zip(key, (q, k) => (double)q * k).Sum(), 1e-3);
        Assert.True(key.Max(Math.Abs) < 13);
    }
}
