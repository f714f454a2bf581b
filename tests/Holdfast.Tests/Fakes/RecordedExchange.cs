using System.Text;

namespace Holdfast.Tests.Fakes;

/// <summary>One request and what came back, byte for byte.</summary>
internal sealed record RecordedExchange
{
    public required string Name { get; init; }

    public required string Engine { get; init; }

    public required string RequestHead { get; init; }

    public required byte[] RequestBody { get; init; }

    public required IReadOnlyList<RecordedItem> Received { get; init; }

    /// <summary>The client closed or reset the connection itself.</summary>
    public required bool ClientLeft { get; init; }

    public string Path => RequestHead.Split(' ') is { Length: > 1 } words ? words[1] : "";

    public bool IsPost => RequestHead.StartsWith("POST ", StringComparison.Ordinal);

    public string Head => Encoding.Latin1.GetString(Joined(Received.Where(static item => item.Kind == "head")));

    public int Status => Head.Length > 12 && int.TryParse(Head.AsSpan(9, 3), out var status) ? status : 0;

    public bool IsEventStream => Head.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body without its framing.</summary>
    public byte[] Body => Joined(Received.Where(static item => item.Kind is "chunk" or "body" or "partial"));

    public bool EndsByReset => Received.Any(static item => item.Kind == "rst");

    public bool EndsByEof => Received.Any(static item => item.Kind == "eof");

    public bool HasZeroChunk => Received.Any(static item => item.Kind == "last");

    /// <summary>The bytes on the wire, one array a read.</summary>
    public IReadOnlyList<byte[]> Wire => [.. Received.Where(static item => item.Kind is not ("eof" or "rst")).GroupBy(static item => item.Read).Select(static read => Joined(read.Select(Framed)))];

    public override string ToString() => $"{Engine}/{Name}";

    private static RecordedItem Framed(RecordedItem item) => item.Kind switch
    {
        "chunk" => item with { Data = [.. Encoding.ASCII.GetBytes(item.Argument + "\r\n"), .. item.Data, (byte)'\r', (byte)'\n'] },
        "last" => item with { Data = Encoding.ASCII.GetBytes(item.Argument + "\r\n\r\n") },
        _ => item,
    };

    private static byte[] Joined(IEnumerable<RecordedItem> items) => [.. items.SelectMany(static item => item.Data)];
}
