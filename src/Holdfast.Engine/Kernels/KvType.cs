namespace Holdfast.Engine.Kernels;

/// <summary>How keys and values are kept. Part of what fixes the logits' bits.</summary>
public enum KvType
{
    /// <summary>16-bit floats.</summary>
    Half,

    /// <summary>8-bit integers with a float scale for each token and head: little more than half the memory.</summary>
    Eight,
}
