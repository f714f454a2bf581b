using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Engine.Gguf;

/// <summary>The tensor types this engine reads, by their number in the file.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "These are the format's own names; users know them so.")]
public enum TensorType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    IQ4_NL = 20,
    BF16 = 30,
}
