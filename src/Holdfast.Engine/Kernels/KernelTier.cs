namespace Holdfast.Engine.Kernels;

/// <summary>The families of kernels. All are exact and agree bit by bit.</summary>
public enum KernelTier
{
    /// <summary>Plain code: the definition.</summary>
    Scalar,

    /// <summary>128 bits of any processor, ARM64 among them; with its dot product where there is one.</summary>
    Portable,

    /// <summary>AVX2 and FMA.</summary>
    Avx2,

    /// <summary>AVX2 with AVX-VNNI.</summary>
    Avx2Vnni,

    /// <summary>AVX-512 without VNNI.</summary>
    Wide,

    /// <summary>AVX-512 with 256-bit VNNI.</summary>
    Vnni,
}
