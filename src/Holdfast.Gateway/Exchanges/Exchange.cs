using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Prompts;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Exchanges;

/// <summary>
/// One request on its way: what came in, what each stage found, what went out. Owned by the request until it is recorded; after
/// that nobody changes it, and the record reads it.
/// </summary>
internal sealed class Exchange(string id, DateTimeOffset at, TimeProvider clock, string route)
{
    private readonly long _started = clock.GetTimestamp();
    private long _stageStarted;

    public string Id { get; } = id;

    public DateTimeOffset At { get; } = at;

    /// <summary>Method and path.</summary>
    public string Route { get; } = route;

    public string? KeyName { get; set; }

    public bool IsAdmin { get; set; }

    /// <summary>The request as the server holds it, until it is recorded; null when no HTTP request is behind it.</summary>
    public HttpContext? Http { get; set; }

    public string? ClientRequestId { get; set; }

    public KeyValuePair<string, string>[] ReceivedHeaders { get; set; } = [];

    public ReadOnlyMemory<byte> Received { get; set; }

    /// <summary>Scheme and host under which the client reached us, for the addresses of citations.</summary>
    public string Origin { get; set; } = "";

    public CallKind Kind { get; set; }

    public ParsedCall? Call { get; set; }

    /// <summary>The name the client asked for.</summary>
    public string? Model { get; set; }

    public IBackend? Backend { get; set; }

    /// <summary>The backend's own name of the model.</summary>
    public ServedModel? Served { get; set; }

    public string? Collection { get; set; }

    /// <summary>The view of the question that retrieval looks at.</summary>
    public string? Query { get; set; }

    public SearchResult? Retrieved { get; set; }

    public RenderedPrompt? Prompt { get; set; }

    /// <summary>The chat with the retrieval message in place.</summary>
    public ChatRequest? Request { get; set; }

    /// <summary>What the backend sent on, one for each try; empty for a backend of our own.</summary>
    public List<AnswerAttempt> Attempts { get; } = [];

    public int? PromptTokens { get; set; }

    public bool IsPromptExact { get; set; }

    public TokenUsage? Usage { get; set; }

    public bool IsRefusal { get; set; }

    public IReadOnlyList<Citation> Citations { get; set; } = [];

    public int Status { get; set; }

    public AnswerFault? Fault { get; set; }

    /// <summary>True when the fault came after content was sent.</summary>
    public bool IsCutShort { get; set; }

    public bool IsClientGone { get; set; }

    public TimeSpan? Ttft { get; set; }

    public TimeSpan Duration { get; set; }

    public KeptBytes Answer { get; } = new();

    public IReadOnlyList<KeyValuePair<string, string>> AnswerHeaders { get; set; } = [];

    public List<TraceStage> Stages { get; } = new(8);

    public List<string> Edits { get; } = [];

    /// <summary>Each begins with one word for programs and a colon.</summary>
    public List<string> Warnings { get; } = [];

    public List<TraceShortening> Shortenings { get; } = [];

    /// <summary>Number of the row in the record; 0 before.</summary>
    public long Sequence { get; set; }

    public bool IsRecorded { get; set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    public void Begin() => _stageStarted = clock.GetTimestamp();

    public void End(string stage, string verdict, string? detail = null)
    {
        var took = clock.GetElapsedTime(_stageStarted);
        var from = clock.GetElapsedTime(_started, _stageStarted);
        Stages.Add(new TraceStage(stage, Microseconds(from), Microseconds(took), verdict, detail));
    }

    /// <summary>Lets go of what no trace shows: the request as data is three times its bytes, and the newest exchanges stay in memory.</summary>
    public void Release() => (Call, Request) = (null, null);

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
