namespace Holdfast.Tests.Fakes;

/// <summary>What a <see cref="FakeVllm"/> does with one request.</summary>
public sealed record FakeScript
{
    public static FakeScript Well { get; } = new();

    public FakeFault Fault { get; init; }

    /// <summary>Pieces of content.</summary>
    public int Pieces { get; init; } = 6;

    public string Piece { get; init; } = " word";

    /// <summary>Each piece is the moment of its sending (<c>@</c> and Stopwatch ticks), so that a client can tell how long it took.</summary>
    public bool StampsTime { get; init; }

    /// <summary>Filler in the first piece of content, for lines of many bytes.</summary>
    public int FillBytes { get; init; }

    /// <summary>Waited for before the head.</summary>
    public Task BeforeHead { get; init; } = Task.CompletedTask;

    /// <summary>Waited for between the head and the first piece.</summary>
    public Task BeforeContent { get; init; } = Task.CompletedTask;

    /// <summary>Waited for in the middle of the content.</summary>
    public Task BeforeHalf { get; init; } = Task.CompletedTask;

    /// <summary>Pause before each piece. For benchmarks: tests wait for things, not for time.</summary>
    public TimeSpan Pace { get; init; }

    public int Status { get; init; } = 503;

    /// <summary>Lines of the head of a <see cref="FakeFault.Status"/>, each with its CRLF.</summary>
    public string Headers { get; init; } = "Content-Type: application/json\r\n";

    public string Body { get; init; } = """{"error":{"message":"busy","type":"Service Unavailable","param":null,"code":503}}""";

    public int PromptTokens { get; init; } = 35;

    public static FakeScript With(FakeFault fault) => new() { Fault = fault };

    public static FakeScript Answer(int status, string body, string headers = "Content-Type: application/json\r\n") =>
        new() { Fault = FakeFault.Status, Status = status, Body = body, Headers = headers };
}
