using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.ModelFiles;
using Holdfast.Printing;
using Holdfast.Pulling;

namespace Holdfast.Verbs;

/// <summary><c>holdfast models pull NAME</c>.</summary>
internal static class PullVerb
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "A name of the catalogue, OWNER/REPOSITORY, or OWNER/REPOSITORY:FILE-OR-QUANTISATION; without one the catalogue is listed", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One JSON line on standard output when done; progress as JSON lines on standard error" };
        var command = new Command("pull", "Get a model file from Hugging Face; an interrupted pull goes on where it ended") { name.NotEmpty("models pull") };
        var folders = new ModelFlag(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(name) is not { } text)
            {
                ModelsListVerb.PrintCatalogue(parsed.GetValue(json));
                return Task.FromResult(ExitCode.Done);
            }

            return folders.Folders(parsed, mayBeMissing: true) is { } known ? RunAsync(text, known, parsed.GetValue(json), cancellationToken) : Task.FromResult(ExitCode.WrongUse);
        });
        return command;
    }

    private static async Task<int> RunAsync(string text, ModelFolders folders, bool isJson, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Stop(PosixSignalContext context)
        {
            // The first signal ends the pull in order, the second at once: what came is kept either way.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var name = PullName.Parse(text);
            var hub = HubAddress.Read(Environment.GetEnvironmentVariable);
            var folder = folders.ForPulling.Path;
            var pulled = await PullProgress.ShowAsync(isJson, TimeProvider.System, report => new Pull(hub, new PullOptions(), TimeProvider.System, report).RunAsync(name, folder, stop.Token));
            return Print(pulled, folders, isJson) ? ExitCode.Done : ExitCode.No;
        }
        catch (PullException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return fault.IsWrongUse ? ExitCode.WrongUse : ExitCode.Fault;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped; what came is kept, the same command goes on");
            return ExitCode.Stopped;
        }
    }

    /// <summary>False when the engine does not run what came: a file can be whole and still be nothing for it, which is said now and not at the start of a server.</summary>
    private static bool Print(PulledModel pulled, ModelFolders folders, bool isJson)
    {
        var (model, faults) = Inspect(pulled.Path);
        foreach (var fault in faults)
        {
            Console.Error.WriteLine($"this engine cannot run it: {Terminal.Shown(fault)}");
        }

        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(pulled, Json.Line));
            return faults.Count == 0;
        }

        Console.WriteLine($"{Terminal.Shown(pulled.Path)}  {ByteText.Of(pulled.Bytes)}  sha256 {pulled.Sha256}{(pulled.Licence is { } licence ? "  licence " + Terminal.Shown(licence) : "")}");
        if (faults.Count == 0)
        {
            Console.WriteLine($"run it: {Terminal.Shown(Start(pulled.Path, model is { IsEncoder: true }, folders))}");
        }

        return faults.Count == 0;
    }

    /// <summary>The command that starts exactly this file, wherever it is typed: a folder that only this command named is named again.</summary>
    internal static string Start(string path, bool isEncoder, ModelFolders folders)
    {
        var place = folders.Places().FirstOrDefault(place => place.Path == path);
        var name = place is null ? path : folders.Reference(place);
        var model = isEncoder ? "--set " + ShellWord.Of($"embedding.model={name}") : "--model " + ShellWord.Of(name);
        return $"holdfast up {model}{(name != path && place is { Folder: { Origin: ModelFolders.Flag } folder } ? $" {ModelFolders.Flag} {ShellWord.Of(folder.Path)}" : "")}";
    }

    private static (ModelInspection? Model, IReadOnlyList<string> Faults) Inspect(string path)
    {
        try
        {
            var model = ModelInspection.Of(path);
            return (model, model.Faults);
        }
        catch (ModelFileException fault)
        {
            return (null, [fault.Message]);
        }
    }
}
