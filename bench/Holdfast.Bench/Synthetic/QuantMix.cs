using Holdfast.Engine.Gguf;

namespace Holdfast.Bench.Synthetic;

/// <summary>
/// Which type each matrix of a file gets, as llama-quantize chooses (llama.cpp v0.5.0, src/llama-quant.cpp): the shared embedding and
/// head are kept finer, Q4_K_M gives values and the way down of some layers six bits, and rows that are no multiple of 256 fall back.
/// </summary>
internal static class QuantMix
{
    public const string MixedName = "Q4_K_M";

    public static IReadOnlyList<string> Usual { get; } = ["Q8_0", "Q4_0", "Q4_1", MixedName];

    /// <summary>Null when there is no such mix.</summary>
    public static TensorType? BaseType(string mix) => mix == MixedName ? TensorType.Q4_K : Enum.TryParse<TensorType>(mix, out var type) ? type : null;

    public static TensorType OfHead(string mix, int columns)
    {
        var type = BaseType(mix)!.Value;
        return type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 ? type : Fitting(TensorType.Q6_K, columns);
    }

    public static TensorType OfLayer(string mix, string matrix, int layer, int layers, int columns)
    {
        var isFiner = mix == MixedName && matrix is ("attn_v" or "ffn_down") && HasMoreBits(layer, layers);
        return Fitting(isFiner ? TensorType.Q6_K : BaseType(mix)!.Value, columns);
    }

    private static bool HasMoreBits(int layer, int layers) => layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;

    private static TensorType Fitting(TensorType type, int columns) => columns % TensorTypes.BlockLength(type) == 0 ? type : type switch
    {
        TensorType.Q4_K => TensorType.Q5_0,
        TensorType.Q5_K => TensorType.Q5_1,
        TensorType.Q6_K => TensorType.Q8_0,
        _ => throw new ArgumentOutOfRangeException(nameof(columns), columns, $"rows of this length cannot be {type}"),
    };
}
