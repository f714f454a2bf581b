using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;
using Holdfast.Configuration;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Serving;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Status;
using Holdfast.Hosting;
using Holdfast.Ingesting;
using Holdfast.Printing;
using Holdfast.Retrieval.Storing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Verbs;

/// <summary>One life of the server: start, say so, wait for a signal, drain. Everything that can go wrong on the way is one line and an exit code.</summary>
internal sealed class ServerRun(HoldfastOptions options, IReadOnlyList<KeptFolder> folders, string? key, bool isUp, bool isJson)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var signals = new Signals(cancellationToken);
        var listen = ListenAddress.Parse(options.Listen);
        try
        {
            using var data = DataFolder.Take(options.Data);
            var plan = new ServicePlan { Options = options, Data = data, Listen = listen, Folders = folders, Key = key };
            await using var service = await Service.StartAsync(plan, signals.Stop);
            await ServeAsync(service, data, signals.Stop);
            await service.StopAsync();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // A signal during the start: what was written is whole, the rest is done at the next start.
            return ExitCode.Done;
        }
        catch (IOException fault) when (IsAddressInUse(fault))
        {
            var owner = PortOwner.Find(listen.Port);
            await Console.Error.WriteLineAsync($"port {listen.Port} is in use{(owner is null ? "" : $" by {owner}")}; stop that, or listen elsewhere: --listen {listen.Host}:{listen.Port + 1}");
        }
        catch (Exception fault) when (fault is DataFolderTakenException or StoreException or ModelFileException or KeyRefusedException)
        {
            // Each of these is one line that quotes files: all of it is made safe, and no line break of ours is in it.
            await Console.Error.WriteLineAsync(Terminal.Shown(fault.Message));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SocketException or SqliteException)
        {
            await Console.Error.WriteLineAsync($"cannot start: {fault.Message.TrimEnd('.')}; check the address {options.Listen}, and the room and permissions of the data folder {Path.GetFullPath(options.Data)}");
        }

        return ExitCode.Fault;
    }

    private async Task ServeAsync(Service service, DataFolder data, CancellationToken stop)
    {
        var time = service.Services.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        var outcome = await ReadingProgress.ShowAsync(isJson, time, report => service.ReadFoldersAsync(report, stop));
        var seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 1);

        // Reading leaves garbage behind that an idle server would keep for hours.
        IdleTrim.Trim();
        new ServerFile(service.Origin + "/v1", service.Key, Environment.ProcessId).Write(data.ServerFile);
        service.Services.GetRequiredService<Readiness>().MarkReady();
        await AnnounceAsync(service, data, outcome, seconds, stop);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnnounceAsync(Service service, DataFolder data, SyncOutcome outcome, double seconds, CancellationToken stop)
    {
        var collections = service.Services.GetRequiredService<IRetriever>().Collections.Where(one => folders.Any(folder => folder.Collection == one.Name)).ToList();
        var status = service.Services.GetRequiredService<IServiceStatus>().Take();
        var token = service.Services.GetRequiredService<ConsoleTokens>().Make(service.Services.GetRequiredService<KeyRing>().List()[0]);
        var engine = service.Services.GetService<EngineBackend>();
        var ready = new ReadyLine
        {
            BaseUrl = service.Origin + "/v1",
            ConsoleUrl = $"{service.Origin}/?sign-in={token}",
            Key = service.Key,
            Model = status.DefaultModel,
            Documents = collections.Sum(one => one.Documents),
            Quarantined = collections.Sum(one => one.Quarantined),
            Unchanged = outcome.Unchanged,
            Passages = collections.Sum(one => one.Passages),
            Seconds = seconds,
            Question = await QuestionAsync(service, stop),
            Kernels = engine?.KernelChoice ?? "",
            ChatFault = engine?.Models[0] is { ChatFault: { } fault } served ? $"{served.Id} {fault}" : "",
        };
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(ready, Json.Line));
        }
        else
        {
            ready.Print(Console.Out, data.Path, isUp, status);
        }
    }

    /// <summary>Asks for what the first document is about: that has an answer in any folder.</summary>
    private async Task<string> QuestionAsync(Service service, CancellationToken stop)
    {
        var filter = new DocumentFilter { Collection = folders.Count > 0 ? folders[0].Collection : null, IsQuarantined = false, Limit = 1 };
        var rows = await service.Services.GetRequiredService<IDocumentCatalogue>().ListAsync(filter, stop);
        var title = rows is [var first, ..] ? new string([.. first.Title.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-')]).Trim() : "";
        return title.Length > 0 ? $"What should I know about {title}?" : "What can you answer?";
    }

    private static bool IsAddressInUse(IOException fault) => fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    /// <summary>The first SIGTERM or Ctrl-C asks for a drain, the second ends the process at once.</summary>
    private sealed class Signals : IDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly List<PosixSignalRegistration> _registrations = [];

        public Signals(CancellationToken outer)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
            foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT })
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
            }
        }

        public CancellationToken Stop => _stop.Token;

        public void Dispose()
        {
            _registrations.ForEach(registration => registration.Dispose());
            _stop.Dispose();
        }

        private void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            if (_stop.IsCancellationRequested)
            {
                Environment.Exit(ExitCode.Stopped);
            }

            _stop.Cancel();
        }
    }
}
