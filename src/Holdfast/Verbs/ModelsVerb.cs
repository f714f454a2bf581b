using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast models</c>: what model files are here, what one is, and how fast it runs on this machine.</summary>
internal static class ModelsVerb
{
    public static Command Create()
    {
        var command = new Command("models", "List, inspect and measure model files");
        command.Subcommands.Add(CreateList());
        command.Subcommands.Add(CreateInspect());
        command.Subcommands.Add(CreateBench());
        return command;
    }

    private static Command CreateList()
    {
        var folders = new Option<string[]>("--models") { Description = "Folder to look into; else HOLDFAST_MODELS, ./models and the user's cache", HelpName = "DIR" };
        var json = JsonFlag();
        var command = new Command("list", "Model files of the known folders") { folders, json };
        command.SetAction(parsed =>
        {
            foreach (var file in Folders(parsed.GetValue(folders) ?? []).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.gguf")).Order(StringComparer.Ordinal))
            {
                PrintOne(file, parsed.GetValue(json));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateInspect()
    {
        var file = new Argument<string>("file") { Description = "A GGUF file" };
        var json = JsonFlag();
        var command = new Command("inspect", "What a model file is and whether the engine runs it; exit code 1 when it does not") { file.NoOption("models inspect"), json };
        command.SetAction(parsed => PrintOne(parsed.GetValue(file)!, parsed.GetValue(json)));
        return command;
    }

    private static Command CreateBench()
    {
        var file = new Argument<string>("file") { Description = "A GGUF file" };
        var threads = new Option<int>("--threads") { Description = "Threads that compute; one a processor unless said", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = JsonFlag();
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024)
            {
                result.AddError("--threads must lie in 1..1024");
            }
        });
        var command = new Command("bench", "Measure prompt, generation and batched generation on this machine") { file.NoOption("models bench"), threads, json };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, file => Bench(file, parsed.GetValue(threads), parsed.GetValue(json))));
        return command;
    }

    private static int PrintOne(string path, bool isJson) => Run(path, file =>
    {
        var model = ModelInspection.Of(file);
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(model, Json.Line)
            : string.Create(CultureInfo.InvariantCulture, $"{Terminal.Shown(model.Name),-36} {model.Architecture,-8} {model.Weights / 1e6,8:0} M weights {model.FileBytes / 1048576.0,8:0.0} MiB  {string.Join(" ", model.BytesByType.Keys)}{(model.ContextTokens is { } context ? $"  context {context}" : "")}{(model.Licence is { } licence ? "  " + Terminal.Shown(licence) : "")}"));
        foreach (var fault in isJson ? [] : model.Faults)
        {
            Console.WriteLine($"  cannot run: {Terminal.Shown(fault)}");
        }

        return model.Faults.Count == 0 ? ExitCode.Done : ExitCode.No;
    });

    private static int Bench(string path, int threads, bool isJson)
    {
        var settings = new BenchSettings { Threads = threads };
        var model = ModelInspection.Of(path);
        using var bench = ModelBench.Load(path, settings, TimeProvider.System);
        var prefill = bench.Prompt(settings.PromptTokens);
        var decode = bench.Generate(1, 8, settings.NewTokens);
        var batches = settings.Batches.ToDictionary(size => size.ToString(CultureInfo.InvariantCulture), size => Math.Round(bench.Generate(size, BenchSettings.BatchedPromptTokens, 16), 1));
        var result = new
        {
            model = model.Name,
            quant = model.BytesByType.MaxBy(type => type.Value).Key,
            threads,
            prefillTokensPerSecond = Math.Round(prefill, 1),
            decodeTokensPerSecond = Math.Round(decode, 1),
            batch = batches,
            bandwidthGBps = Math.Round(decode * bench.BytesPerToken / 1e9, 2),
        };
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(result, Json.Line)
            : string.Create(CultureInfo.InvariantCulture, $"{result.model} {result.quant}, {threads} threads: prompt {result.prefillTokensPerSecond} tokens/s, generate {result.decodeTokensPerSecond} tokens/s ({result.bandwidthGBps} GB/s), {string.Join(", ", batches.Select(one => $"batch {one.Key}: {one.Value.ToString(CultureInfo.InvariantCulture)}"))} tokens/s"));
        return ExitCode.Done;
    }

    private static int Run(string path, Func<string, int> work)
    {
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"there is no file {Terminal.Shown(path)}; check the path");
            return ExitCode.WrongUse;
        }

        try
        {
            return work(path);
        }
        catch (Exception fault) when (fault is ModelFileException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(fault.Message);
            return ExitCode.Fault;
        }
    }

    private static string[] Folders(string[] given)
    {
        if (given.Length > 0)
        {
            return given;
        }

        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "holdfast", "models");
        return Environment.GetEnvironmentVariable("HOLDFAST_MODELS") is { Length: > 0 } folder ? [folder, "models", cache] : ["models", cache];
    }

    private static Option<bool> JsonFlag() => new("--json") { Description = "One JSON object a line" };
}
