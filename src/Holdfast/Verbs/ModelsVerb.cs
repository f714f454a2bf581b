using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast models</c>: what model files are here, what one is, how fast it runs on this machine, and how to get another.</summary>
internal static class ModelsVerb
{
    public static Command Create()
    {
        var command = new Command("models", "List, pull, inspect and measure model files");
        command.Subcommands.Add(ModelsListVerb.Create());
        command.Subcommands.Add(PullVerb.Create());
        command.Subcommands.Add(CreateInspect());
        command.Subcommands.Add(CreateBench());
        return command;
    }

    private static Command CreateInspect()
    {
        var model = new Argument<string>("model") { Description = "A GGUF file, or the name of one in the known folders" };
        var json = JsonFlag();
        var command = new Command("inspect", "What a model file is and whether the engine runs it; exit code 1 when it does not") { model.NotEmpty("models inspect") };
        var folders = new ModelFlag(command);
        command.Options.Add(json);
        command.SetAction(parsed => Run(folders.Find(parsed, parsed.GetValue(model)!), file => Inspect(file, parsed.GetValue(json))));
        return command;
    }

    private static Command CreateBench()
    {
        var model = new Argument<string>("model") { Description = "A GGUF file, or the name of one in the known folders" };
        var threads = WholeNumberOption.Create("--threads", 1, 1024, "Threads that compute; one a processor unless said");
        var json = JsonFlag();
        var command = new Command("bench", "Measure prompt, generation and batched generation on this machine") { model.NotEmpty("models bench"), threads };
        var folders = new ModelFlag(command);
        command.Options.Add(json);
        command.SetAction(parsed => Run(folders.Find(parsed, parsed.GetValue(model)!), file => Bench(file, parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(json))));
        return command;
    }

    private static int Inspect(string path, bool isJson)
    {
        var model = ModelInspection.Of(path);
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(model, Json.Line)
            : string.Create(CultureInfo.InvariantCulture, $"{Terminal.Shown(model.Name),-36} {Terminal.Shown(model.Architecture),-8} {model.Weights / 1e6,8:0} M weights {model.FileBytes / 1048576.0,8:0.0} MiB  {string.Join(" ", model.BytesByType.Keys)}{(model.ContextTokens is { } context ? $"  context {context}" : "")}{(model.Licence is { } licence ? "  " + Terminal.Shown(licence) : "")}"));
        foreach (var fault in isJson ? [] : model.Faults)
        {
            Console.WriteLine($"  cannot run: {Terminal.Shown(fault)}");
        }

        foreach (var lack in isJson ? [] : model.Lacks)
        {
            Console.WriteLine($"  lacks {Terminal.Shown(lack)}");
        }

        return model.Faults.Count == 0 ? ExitCode.Done : ExitCode.No;
    }

    private static int Bench(string path, int threads, bool isJson)
    {
        var settings = new BenchSettings { Threads = threads };
        var model = ModelInspection.Of(path);
        using var bench = ModelBench.Load(path, settings, TimeProvider.System);
        var prefill = bench.Prompt(settings.PromptTokens);
        var decode = bench.Generate(1, 8, settings.NewTokens);
        var batches = settings.Batches.ToDictionary(size => size.ToString(CultureInfo.InvariantCulture), size => Math.Round(bench.Generate(size, BenchSettings.BatchedPromptTokens, 16), 1));
        var line = new BenchLine
        {
            Model = model.Name,
            Quant = model.BytesByType.MaxBy(type => type.Value).Key,
            Threads = threads,
            PrefillTokensPerSecond = Math.Round(prefill, 1),
            DecodeTokensPerSecond = Math.Round(decode, 1),
            Batch = batches,
            BandwidthGBps = Math.Round(decode * bench.BytesPerToken / 1e9, 2),
        };
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(line, Json.Line)
            : string.Create(CultureInfo.InvariantCulture, $"{Terminal.Shown(line.Model)} {line.Quant}, {threads} threads: prompt {line.PrefillTokensPerSecond} tokens/s, generate {line.DecodeTokensPerSecond} tokens/s ({line.BandwidthGBps} GB/s), {string.Join(", ", batches.Select(one => $"batch {one.Key}: {one.Value.ToString(CultureInfo.InvariantCulture)}"))} tokens/s"));
        return ExitCode.Done;
    }

    private static int Run(string? path, Func<string, int> work)
    {
        if (path is null)
        {
            return ExitCode.WrongUse;
        }

        try
        {
            return work(path);
        }
        catch (Exception fault) when (fault is ModelFileException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(Terminal.Shown(fault.Message));
            return ExitCode.Fault;
        }
    }

    private static Option<bool> JsonFlag() => new("--json") { Description = "One JSON object a line" };
}
