namespace Holdfast.Bench.Peer;

/// <summary>What the ratio to llama.cpp has to reach on a machine with AVX-VNNI, by measure and tensor type.</summary>
internal static class Targets
{
    private static readonly string[] Types = ["Q8_0", "Q4_0", "Q4_1", "Q4_K_M"];
    private static readonly double[] Generate = [1.1, 1.2, 1.4, 1.0];
    private static readonly double[] Prompt = [2.0, 1.3, 3.0, 1.8];
    private static readonly double[] Batch = [2.5, 1.5];

    /// <summary>Null where no target was set.</summary>
    public static double? Of(string measure, string file)
    {
        var type = Array.FindIndex(Types, t => file.Contains(t, StringComparison.Ordinal));
        double[] row = measure switch
        {
            "generate" => Generate,
            "prompt" => Prompt,
            _ when measure.StartsWith("batch", StringComparison.Ordinal) => Batch,
            _ => [],
        };
        return type >= 0 && type < row.Length ? row[type] : null;
    }
}
