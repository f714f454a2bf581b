using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>Which kernels this machine can run, and the one for a tensor type in a tier.</summary>
internal static class PanelKernels
{
    public static IReadOnlyList<KernelTier> Available { get; } = [.. Enum.GetValues<KernelTier>().Where(IsAvailable)];

    /// <summary>Those worth measuring here, the likeliest first: a wider family never loses to a narrower one of its kind.</summary>
    public static IReadOnlyList<KernelTier> Candidates { get; } = true switch
    {
        _ when IsAvailable(KernelTier.Vnni) => [KernelTier.Vnni, KernelTier.Wide],
        _ when IsAvailable(KernelTier.Wide) => [KernelTier.Wide],
        _ when IsAvailable(KernelTier.Avx2Vnni) => [KernelTier.Avx2Vnni, KernelTier.Avx2],
        _ when IsAvailable(KernelTier.Avx2) => [KernelTier.Avx2],
        _ when IsAvailable(KernelTier.Portable) => [KernelTier.Portable],
        _ => [KernelTier.Scalar],
    };

    public static bool IsAvailable(KernelTier tier) => tier switch
    {
        KernelTier.Scalar => true,
        KernelTier.Portable => Vector128.IsHardwareAccelerated,
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
        _ => Visit(type, new DirectMaker(tier)),
    };

    /// <summary>The kernel for long runs of tokens, with what it needs to unpack panels; null for types that are not packed.</summary>
    public static LongKernel? LongOf(TensorType type, KernelTier tier) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 ? null : Visit(type, new LongMaker(tier));

    private static T Visit<T>(TensorType type, IMaker<T> maker) => type switch
    {
        TensorType.Q8_0 => maker.Make<ByteLines, HalfScales>(),
        TensorType.Q4_0 => maker.Make<NibbleLines, HalfScales>(),
        TensorType.Q4_1 => maker.Make<NibbleLines, HalfMinimumScales>(),
        TensorType.Q5_0 => maker.Make<FiveBitLines, HalfScales>(),
        TensorType.Q5_1 => maker.Make<FiveBitLines, HalfMinimumScales>(),
        TensorType.IQ4_NL => maker.Make<TableLines, HalfScales>(),
        TensorType.Q4_K => maker.Make<NibbleLines, KMinimumScales>(),
        TensorType.Q5_K => maker.Make<FiveBitLines, KMinimumScales>(),
        TensorType.Q6_K => maker.Make<SixBitLines, KSplitScales>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no kernel"),
    };

    private static IPanelKernel Of<TLines, TScales>(KernelTier tier)
        where TLines : struct, ILines
        where TScales : struct, IScales => tier switch
        {
            KernelTier.Vnni => new VnniKernel<TLines, TScales>(),
            KernelTier.Wide when TLines.QuantMax > 63 => new WideByteKernel<TLines, TScales>(),
            KernelTier.Wide => new WideKernel<TLines, TScales>(),
            KernelTier.Avx2Vnni => new Avx2Kernel<TLines, TScales, VnniDot>(),
            KernelTier.Avx2 => new Avx2Kernel<TLines, TScales, NibbleDot>(),
            KernelTier.Portable when Dp.IsSupported => new PortableKernel<TLines, TScales, ArmDot>(),
            KernelTier.Portable => new PortableKernel<TLines, TScales, ShortDot>(),
            _ => new ScalarKernel<TLines, TScales>(),
        };

    /// <summary>Does something with the two types that a tensor type stands for.</summary>
    private interface IMaker<T>
    {
        T Make<TLines, TScales>()
            where TLines : struct, ILines
            where TScales : struct, IScales;
    }

    private sealed class DirectMaker(KernelTier tier) : IMaker<IPanelKernel>
    {
        public IPanelKernel Make<TLines, TScales>()
            where TLines : struct, ILines
            where TScales : struct, IScales => Of<TLines, TScales>(tier);
    }

    private sealed class LongMaker(KernelTier tier) : IMaker<LongKernel>
    {
        public LongKernel Make<TLines, TScales>()
            where TLines : struct, ILines
            where TScales : struct, IScales => new(new PlainUnpacker<TLines, TScales>(), Of<PlainLines<TLines>, PlainScales<TScales>>(tier));
    }
}
