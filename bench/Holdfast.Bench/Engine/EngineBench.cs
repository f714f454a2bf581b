using Holdfast.Engine.Measuring;

namespace Holdfast.Bench.Engine;

/// <summary>Prompt, generation and batched generation of model files, best of some rounds.</summary>
internal static class EngineBench
{
    public static int Run(string[] arguments)
    {
        var settings = EngineBenchSettings.Parse(arguments);
        if (settings.Files.Count == 0)
        {
            Console.Error.WriteLine($"usage: Holdfast.Bench engine FILE.gguf... {EngineBenchSettings.Usage} [--json]");
            return 2;
        }

        foreach (var file in settings.Files)
        {
            List<EngineMeasure> measures = [];
            var variant = "";
            foreach (var threads in settings.Threads)
            {
                variant = Measure(file, threads, settings, measures);
            }

            if (settings.IsJson)
            {
                Console.WriteLine(new EngineRun("holdfast", variant, true, measures).ToJson());
            }
        }

        return 0;
    }

    private static string Measure(string file, int threads, EngineBenchSettings settings, List<EngineMeasure> measures)
    {
        var clocks = new TwoClocks();
        var wanted = new BenchSettings
        {
            Threads = threads,
            PromptTokens = settings.PromptTokens,
            NewTokens = Math.Max(settings.NewTokens, settings.BatchNewTokens),
            Batches = settings.Batches,
            Activations = settings.Activations,
            KvType = settings.KvType,
            AdaptsThreads = settings.AdaptsThreads,
            Kernels = settings.Kernels,
        };
        using var bench = ModelBench.Load(file, wanted, clocks);

        // A round for the compiler: it works in the background at first, on this process's account.
        bench.Prompt(settings.PromptTokens);
        bench.Generate(1, 8, settings.NewTokens);
        EngineMeasure[] found =
        [
            new("load", threads, bench.LoadTime.TotalSeconds, 0),
            Best("prompt", settings.PromptTokens, () => bench.Prompt(settings.PromptTokens)),
            Best("generate", settings.NewTokens, () => bench.Generate(1, 8, settings.NewTokens)),
            .. After(),
            .. settings.Batches.Select(b => Best($"batch {b}", b * settings.BatchNewTokens, () => bench.Generate(b, settings.BatchPromptTokens, settings.BatchNewTokens))),
        ];
        measures.AddRange(found);
        if (!settings.IsJson)
        {
            Console.WriteLine($"{Path.GetFileName(file)}: {threads} threads, {settings.Activations} activations, {settings.KvType} keys and values, load {bench.LoadTime.TotalSeconds:f2} s; tokens/s (per CPU second): "
                + string.Join(", ", found.Skip(1).Select(m => $"{m.Name} {m.Wall:f0} ({m.Cpu:f0})")) + $"; generating reads {found[2].Wall * bench.BytesPerToken / 1e9:f1} GB/s");
        }

        return string.Join("; ", bench.Kernels.Choices.Select(t => $"{t.Key} {t.Value}"));

        // The peer's program has no such row.
        EngineMeasure[] After() => settings.IsJson
            ? []
            : [Best($"generate after {settings.PromptTokens}", settings.NewTokens, () => bench.Generate(1, settings.PromptTokens, settings.NewTokens))];

        EngineMeasure Best(string name, int tokens, Func<double> measure)
        {
            var (wall, cpu) = (0.0, 0.0);
            for (var i = 0; i < settings.Rounds; i++)
            {
                wall = Math.Max(wall, measure());
                cpu = Math.Max(cpu, tokens / clocks.CpuLately.TotalSeconds);
            }

            return new EngineMeasure(name, threads, wall, cpu);
        }
    }
}
