using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Configuration;
using Holdfast.Dashboard;
using Holdfast.Documents;
using Holdfast.Documents.Cleaning;
using Holdfast.Gateway;
using Holdfast.Gateway.Keys;
using Holdfast.Ingesting;
using Holdfast.Retrieval.Answering;
using Holdfast.Retrieval.Searching;
using Holdfast.Retrieval.Storing;
using Holdfast.Verbs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Hosting;

/// <summary>
/// The rooms joined into one web application: the wiring stands here and nowhere else. Order of a start: bind the port (a port in use is the
/// commonest fault, so it comes first), read the folders, then say that the service is ready.
/// </summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServicePlan _plan;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _keepers = [];

    private Service(WebApplication app, ServicePlan plan, string key)
    {
        (_app, _plan, Key) = (app, plan, key);
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>The admin key of this start.</summary>
    public string Key { get; }

    /// <summary>Such as <c>http://127.0.0.1:8080</c>, with the port that was really taken.</summary>
    public string Origin => _app.Urls.First();

    /// <summary>Builds the application and takes the port. Throws <see cref="IOException"/> when the port is in use and <see cref="StoreException"/> when the store cannot be opened.</summary>
    public static async Task<Service> StartAsync(ServicePlan plan, CancellationToken cancellationToken)
    {
        var app = Build(plan);
        var key = app.Services.GetRequiredService<KeyRing>().EnsureUpKey(plan.Key);
        app.MapGateway();
        app.MapDashboard();
        app.MapVerbs();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new Service(app, plan, key);
    }

    /// <summary>Makes every folder's collection equal to the folder, then keeps it so.</summary>
    public async Task<SyncOutcome> ReadFoldersAsync(IIngestReport report, CancellationToken cancellationToken)
    {
        var sync = Services.GetRequiredService<FolderSync>();
        var store = Services.GetRequiredService<DocumentStore>();
        var all = new SyncOutcome();
        foreach (var folder in _plan.Folders)
        {
            store.CreateCollection(folder.Collection);
            var one = await sync.RunAsync(folder, report, cancellationToken);
            all = new SyncOutcome
            {
                Read = all.Read + one.Read,
                Quarantined = all.Quarantined + one.Quarantined,
                Unchanged = all.Unchanged + one.Unchanged,
                Removed = all.Removed + one.Removed,
            };
        }

        var logger = Services.GetRequiredService<ILogger<FolderKeeper>>();
        var time = Services.GetRequiredService<TimeProvider>();
        _keepers.Add(new IdleTrim(time).RunAsync(_stopping.Token));
        foreach (var folder in _plan.Folders)
        {
            _keepers.Add(new FolderKeeper(sync, folder, _plan.Options.Ingest, time, logger).RunAsync(_stopping.Token));
        }

        return all;
    }

    /// <summary>Stops taking requests, lets streams end within the drain time, writes what is pending.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_keepers);
        await _app.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_keepers);
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Reading and storing without a server, for <c>ingest</c>.</summary>
    public static ServiceProvider DocumentsAlone(HoldfastOptions options, string dataFolder)
    {
        var services = new ServiceCollection();
        AddDocuments(services, options, dataFolder);
        return services.BuildServiceProvider();
    }

    private static WebApplication Build(ServicePlan plan)
    {
        var options = plan.Options;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss ", true));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(plan.IsForVerb ? LogLevel.Error : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Error);

        // A start that fails is told in one line with the remedy by the verb, not in a stack trace here.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // The gateway ends what is open after the drain time; the words for it still have to go out.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + TimeSpan.FromSeconds(2));
        AddDocuments(builder.Services, options, plan.Data.Path);
        builder.Services.AddSingleton<IRetriever, Retriever>();
        builder.Services.AddSingleton<IBackend>(provider => new ExtractiveBackend(provider.GetRequiredService<DocumentStore>(), provider.GetRequiredService<ITokenCounter>()));
        builder.Services.AddEngine(options, plan.IsForVerb ? null : plan.Data.Path);
        builder.Services.AddSingleton<VerbDesk>();
        builder.Services.AddGateway(options.Gateway, options.Upstreams, plan.Data.Path, options.DrainTime);
        builder.Services.AddDashboard(options.Console);
        builder.WebHost.UseGateway(options.Gateway, plan.Listen.ToString());
        return builder.Build();
    }

    private static void AddDocuments(IServiceCollection services, HoldfastOptions options, string dataFolder)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DocumentReader(options.Documents));
        services.AddSingleton<ITextNormaliser, TextNormaliser>();
        services.AddSingleton(provider => new DocumentStore(Path.Combine(dataFolder, "documents.db"), options.Retrieval, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDocumentCatalogue>(provider => provider.GetRequiredService<DocumentStore>());
        services.AddSingleton<IIngest, HttpIngest>();
        services.AddSingleton(new ReadingMark(dataFolder, options.Documents));
        services.AddSingleton(provider => new FolderSync(
            provider.GetRequiredService<DocumentReader>(),
            provider.GetRequiredService<DocumentStore>(),
            provider.GetRequiredService<ReadingMark>(),
            options.Ingest,
            dataFolder));
    }
}
