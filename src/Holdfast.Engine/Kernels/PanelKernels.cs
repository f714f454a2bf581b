using System.Runtime.Intrinsics.X86;
using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>Which kernels this machine can run, and the one for a tensor type in a tier.</summary>
internal static class PanelKernels
{
    public static IReadOnlyList<KernelTier> Available { get; } = [.. Enum.GetValues<KernelTier>().Where(IsAvailable)];

    public static bool IsAvailable(KernelTier tier) => tier switch
    {
        KernelTier.Scalar => true,
        KernelTier.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelTier.Avx2Vnni => AvxVnni.IsSupported && Fma.IsSupported,
        KernelTier.Wide => Avx512BW.IsSupported && Avx512F.VL.IsSupported,
        _ => AvxVnni.IsSupported && Avx512BW.IsSupported && Avx512F.VL.IsSupported,
    };

    public static IPanelKernel Of(TensorType type, KernelTier tier) => type switch
    {
        TensorType.F32 => new FloatKernel<SingleFloats>(),
        TensorType.F16 => new FloatKernel<HalfFloats>(),
        TensorType.BF16 => new FloatKernel<BrainFloats>(),
        TensorType.Q8_0 => Of<ByteLines, HalfScales>(tier),
        TensorType.Q4_0 => Of<NibbleLines, HalfScales>(tier),
        TensorType.Q4_1 => Of<NibbleLines, HalfMinimumScales>(tier),
        TensorType.Q5_0 => Of<FiveBitLines, HalfScales>(tier),
        TensorType.Q5_1 => Of<FiveBitLines, HalfMinimumScales>(tier),
        TensorType.IQ4_NL => Of<TableLines, HalfScales>(tier),
        TensorType.Q4_K => Of<NibbleLines, KMinimumScales>(tier),
        TensorType.Q5_K => Of<FiveBitLines, KMinimumScales>(tier),
        TensorType.Q6_K => Of<SixBitLines, KSplitScales>(tier),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no kernel"),
    };

    private static IPanelKernel Of<TLines, TScales>(KernelTier tier)
        where TLines : struct, ILines
        where TScales : struct, IScales => tier switch
        {
            KernelTier.Vnni => new VnniKernel<TLines, TScales>(),
            KernelTier.Wide => new WideKernel<TLines, TScales>(),
            KernelTier.Avx2Vnni => new Avx2Kernel<TLines, TScales, VnniDot>(),
            KernelTier.Avx2 => new Avx2Kernel<TLines, TScales, NibbleDot>(),
            _ => new ScalarKernel<TLines, TScales>(),
        };
}
