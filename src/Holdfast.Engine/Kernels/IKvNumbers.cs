using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// How the numbers of a head stand in a KV block of 16 tokens: keys (a line of 16 tokens for each dimension), values (token by token),
/// and, where the type has them, 16 scales of the keys and 16 of the values.
/// </summary>
internal unsafe interface IKvNumbers
{
    /// <summary>Bytes of one number.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether a token's numbers are multiples of a scale of its own.</summary>
    static abstract bool HasScales { get; }

    /// <summary>Sixteen numbers, not yet scaled.</summary>
    static abstract Vector512<float> Widen(byte* numbers);

    /// <summary>The same, one number at a time.</summary>
    static abstract float Number(byte* numbers, int index);

    /// <summary>Stores a token's key and value in a head's block.</summary>
    static abstract void Store(byte* block, int slot, float* key, float* value, int headSize);
}
