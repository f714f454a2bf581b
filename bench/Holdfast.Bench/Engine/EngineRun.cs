using System.Text.Json;

namespace Holdfast.Bench.Engine;

/// <summary>What one process measured of one model file; bench/peer/llama-peer.c writes the same form.</summary>
internal sealed record EngineRun(string Engine, string Variant, bool Repacked, IReadOnlyList<EngineMeasure> Measures)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public static EngineRun Parse(string json) => JsonSerializer.Deserialize<EngineRun>(json, Form) ?? throw new InvalidDataException("no measures in: " + json);

    public string ToJson() => JsonSerializer.Serialize(this, Form);
}
