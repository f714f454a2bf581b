using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Weights that are floating-point numbers: sixteen rows a column.</summary>
internal unsafe interface IFloats
{
    static abstract int Bytes { get; }

    static abstract Vector512<float> Load(byte* column);
}
