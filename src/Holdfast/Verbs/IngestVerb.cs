using System.CommandLine;
using System.Text.Json;
using Holdfast.Abstractions.Searching;
using Holdfast.Configuration;
using Holdfast.Hosting;
using Holdfast.Ingesting;
using Holdfast.Printing;
using Holdfast.Retrieval.Storing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Verbs;

/// <summary><c>holdfast ingest FOLDER</c>: read a folder into a collection without serving it.</summary>
internal static class IngestVerb
{
    public static Command Create()
    {
        var command = new Command("ingest", "Read a folder into a collection without serving it");
        var folder = new Argument<string>("folder") { Description = "Folder of documents" };
        var collection = new Option<string?>("--collection") { Description = "Name of the collection; made from the folder's name unless said", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "One JSON line on standard output at the end; progress as JSON lines on standard error" };
        command.Arguments.Add(folder.NotEmpty("ingest"));
        command.Options.Add(collection);
        command.Options.Add(json);
        collection.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !CollectionName.IsValid(name))
            {
                result.AddError($"--collection {name}: 1 to 64 of a-z, 0-9 and - are wanted");
            }
        });
        var flags = new ConfigurationFlags(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (flags.Load(parsed) is not { } options)
            {
                return ExitCode.WrongUse;
            }

            var root = Path.GetFullPath(parsed.GetValue(folder)!);
            if (!Directory.Exists(root))
            {
                await Console.Error.WriteLineAsync($"there is no folder {parsed.GetValue(folder)}; check the path");
                return ExitCode.WrongUse;
            }

            return await RunAsync(options, new KeptFolder(parsed.GetValue(collection) ?? CollectionName.FromFolder(root), root), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(HoldfastOptions options, KeptFolder folder, bool isJson, CancellationToken cancellationToken)
    {
        try
        {
            using var data = DataFolder.Take(options.Data);
            await using var provider = Service.DocumentsAlone(options, data.Path);
            var store = provider.GetRequiredService<DocumentStore>();
            var time = TimeProvider.System;
            var started = time.GetTimestamp();
            store.CreateCollection(folder.Collection);
            var outcome = await ReadingProgress.ShowAsync(isJson, time, report => provider.GetRequiredService<FolderSync>().RunAsync(folder, report, cancellationToken));
            var seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 1);
            var now = store.Collections.Single(one => one.Name == folder.Collection);
            Print(now, outcome, seconds, isJson);
            return ExitCode.Done;
        }
        catch (DataFolderTakenException fault)
        {
            await Console.Error.WriteLineAsync($"{fault.Message}; a running server follows its own folders by itself");
        }
        catch (Exception fault) when (fault is StoreException or SqliteException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
        }

        return ExitCode.Fault;
    }

    private static void Print(CollectionInfo now, SyncOutcome outcome, double seconds, bool isJson) =>
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(new { documents = now.Documents, outcome.Unchanged, quarantined = now.Quarantined, now.Passages, seconds }, Json.Line)
            : $"  {now.Name}: {now.Documents} documents, {now.Quarantined} quarantined, {outcome.Unchanged} unchanged, {now.Passages} passages, {seconds:0.0} s");
}
