using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed class KernelSelfTestTests
{
    [Fact]
    public void Picks_families_that_run_here_for_the_types_asked_for_and_keeps_to_them()
    {
        TensorType[] types = [TensorType.F16, TensorType.Q5_1];
        var first = KernelSelfTest.Pick(types, TimeProvider.System).Choices;
        Assert.Equal(types, first.Keys);
        Assert.All(first.Values, c => Assert.All([c.One, c.Many, c.Long ?? c.Many], tier => Assert.True(PanelKernels.IsAvailable(tier), $"{tier}")));
        Assert.Null(first[TensorType.F16].Long);
        Assert.Equal(first, KernelSelfTest.Pick(types, TimeProvider.System).Choices);
    }

    [Fact]
    public void The_choice_is_told_in_words()
    {
        Assert.Equal("one Wide, many Vnni, long Wide", $"{new KernelChoice(KernelTier.Wide, KernelTier.Vnni, KernelTier.Wide)}");
        Assert.Equal("one Scalar, many Scalar", $"{KernelChoice.All(KernelTier.Scalar)}");
    }
}
