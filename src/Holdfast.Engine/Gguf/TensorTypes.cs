namespace Holdfast.Engine.Gguf;

/// <summary>Block sizes of the tensor types, and the names of those that are refused.</summary>
internal static class TensorTypes
{
    private static readonly Dictionary<uint, string> RefusedNames = new()
    {
        [9] = "Q8_1",
        [10] = "Q2_K",
        [11] = "Q3_K",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [23] = "IQ4_XS",
        [24] = "I8",
        [25] = "I16",
        [26] = "I32",
        [27] = "I64",
        [28] = "F64",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
        [40] = "NVFP4",
        [41] = "Q1_0",
        [42] = "Q2_0",
    };

    public static IReadOnlyList<TensorType> All { get; } = Enum.GetValues<TensorType>();

    public static bool IsRead(uint number) => Enum.IsDefined((TensorType)number);

    public static string RefusedName(uint number) => RefusedNames.GetValueOrDefault(number, $"number {number}");

    /// <summary>Numbers that share a block.</summary>
    public static int BlockLength(TensorType type) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 => 1,
        TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K => 256,
        _ => 32,
    };

    public static int BlockBytes(TensorType type) => type switch
    {
        TensorType.F32 => 4,
        TensorType.F16 or TensorType.BF16 => 2,
        TensorType.Q4_0 or TensorType.IQ4_NL => 18,
        TensorType.Q4_1 => 20,
        TensorType.Q5_0 => 22,
        TensorType.Q5_1 => 24,
        TensorType.Q8_0 => 34,
        TensorType.Q4_K => 144,
        TensorType.Q5_K => 176,
        TensorType.Q6_K => 210,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a tensor type"),
    };

    public static long RowBytes(TensorType type, long rowLength) => rowLength / BlockLength(type) * BlockBytes(type);
}
