using System.Diagnostics.Metrics;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

public sealed class EngineMetricsTests
{
    [Fact]
    public void The_family_of_kernels_of_each_type_and_phase_is_exported()
    {
        const string model = "a model of this test alone";
        var kernels = KernelSet.Of(
            [TensorType.Q4_1, TensorType.Q8_0],
            t => t == TensorType.Q8_0 ? KernelChoice.All(KernelTier.Scalar) : new KernelChoice(KernelTier.Scalar, KernelTier.Avx2, KernelTier.Wide));
        using var metrics = new EngineMetrics(model, kernels, () => new EngineLoad(0, 0, 0, 0, 0, 0));
        List<string> seen = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "holdfast_engine_kernel_info")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(t => t.Key, t => t.Value?.ToString());
            if (labels["model_name"] == model)
            {
                seen.Add($"{labels["type"]} {labels["phase"]} {labels["tier"]} {value}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(
            ["Q4_1 one Scalar 1", "Q4_1 many Avx2 1", "Q4_1 long Wide 1", "Q8_0 one Scalar 1", "Q8_0 many Scalar 1", "Q8_0 long Scalar 1"], seen);
    }
}
