using System.Diagnostics.Metrics;
using Holdfast.Abstractions.Answering;
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

    [Fact]
    public async Task Each_token_is_counted_once_the_first_of_a_call_apart()
    {
        const string model = "another model of this test alone";
        var seen = new Dictionary<string, (int Count, double Sum)>();
        using var listener = Listen(model, seen);
        using var file = TalkingModel.File();
        using var backend = EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1, Name = model }, gate: null, TimeProvider.System);

        var parts = await TalkingModel.Parts(backend, TalkingModel.Chat("count") with { Choices = 2, Temperature = 1, Seed = 3, MaxTokens = 7 });

        var usage = parts.Last(p => p.Usage is not null).Usage!;
        Assert.Equal(usage.PromptTokens, seen["vllm:prompt_tokens_total"].Sum);
        Assert.Equal(usage.CompletionTokens, seen["vllm:generation_tokens_total"].Sum);
        Assert.Equal(1, seen["vllm:time_to_first_token_seconds"].Count);
        Assert.Equal(usage.CompletionTokens - 2, seen["vllm:time_per_output_token_seconds"].Count);
        Assert.Equal((2, 2), (seen["vllm:e2e_request_latency_seconds"].Count, seen["vllm:request_success_total"].Sum));
        Assert.InRange(seen["vllm:time_to_first_token_seconds"].Sum, 0, seen["vllm:e2e_request_latency_seconds"].Sum);
        Assert.InRange(seen["vllm:time_per_output_token_seconds"].Sum, 0, seen["vllm:e2e_request_latency_seconds"].Sum);
    }

    [Fact]
    public async Task A_prompt_counts_when_its_first_token_is_computed_and_not_when_its_client_left_before()
    {
        const string model = "a third model of this test alone";
        var seen = new Dictionary<string, (int Count, double Sum)>();
        using var listener = Listen(model, seen);
        using var file = TalkingModel.File();
        using var clock = new HeldClock();
        using var backend = EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1, Name = model }, gate: null, clock);

        var answered = TalkingModel.Parts(backend, TalkingModel.Chat("count me") with { MaxTokens = 3 });
        clock.Held.Wait(TestContext.Current.CancellationToken);
        using var gone = new CancellationTokenSource();
        try
        {
            var call = new AnswerCall { RequestId = "gone", Kind = CallKind.Chat, Model = "model", Request = TalkingModel.Chat("and not me, who was never computed"), Body = default };
            var parts = backend.AnswerAsync(call, gone.Token).GetAsyncEnumerator(gone.Token);
            var first = parts.MoveNextAsync().AsTask();
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            await parts.DisposeAsync();
        }
        finally
        {
            clock.Release();
        }

        var usage = (await answered).Last(p => p.Usage is not null).Usage!;
        Assert.Equal(usage.PromptTokens, seen["vllm:prompt_tokens_total"].Sum);
    }

    private static MeterListener Listen(string model, Dictionary<string, (int Count, double Sum)> seen)
    {
        var listener = new MeterListener { InstrumentPublished = static (instrument, l) => l.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (key, text) in tags)
            {
                if (key == "model_name" && text as string == model)
                {
                    lock (seen)
                    {
                        var (count, sum) = seen.GetValueOrDefault(instrument.Name);
                        seen[instrument.Name] = (count + 1, sum + value);
                    }
                }
            }
        }
    }

    /// <summary>Holds the owner of the model at its first look at the clock, until it is released.</summary>
    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public ManualResetEventSlim Held { get; } = new();

        public void Release() => _released.Set();

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread.Name == "engine" && !_released.IsSet)
            {
                Held.Set();
                _released.Wait();
            }

            return base.GetTimestamp();
        }

        public void Dispose()
        {
            Held.Dispose();
            _released.Dispose();
        }
    }
}
