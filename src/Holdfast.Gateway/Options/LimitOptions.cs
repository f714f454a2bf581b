namespace Holdfast.Gateway.Options;

/// <summary>Bounds of what comes in: section <c>gateway.limits</c>. At a bound the answer is a refusal that names it.</summary>
public sealed record LimitOptions
{
    /// <summary>Bytes of a JSON body.</summary>
    public long BodyBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes of the bodies of all requests at work; past it the answer is 503.</summary>
    public long BodiesBytesMax { get; init; } = 256 << 20;

    /// <summary>Bytes of an upload to <c>/v1/files</c>.</summary>
    public long UploadBytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of all uploaded files together.</summary>
    public long FilesBytesMax { get; init; } = 1L << 30;

    /// <summary>Time for a whole body: a minimum rate alone lets 300 bytes a second go on for ever.</summary>
    public TimeSpan BodyDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which a client must take what is written to it; past it the connection ends.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for the head of a request.</summary>
    public TimeSpan HeadDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection without a request is closed after this time.</summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Calls at work at once; past it the answer is 503.</summary>
    public int InFlightMax { get; init; } = 512;

    /// <summary>Open connections.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Headers of a request.</summary>
    public int HeadersMax { get; init; } = 100;

    /// <summary>Bytes of all headers of a request.</summary>
    public int HeaderBytesMax { get; init; } = 32 << 10;

    /// <summary>Bytes of the request line.</summary>
    public int RequestLineBytesMax { get; init; } = 8 << 10;

    /// <summary>Nesting of a JSON body.</summary>
    public int JsonDepthMax { get; init; } = 64;

    /// <summary>Messages of one chat, prompts or inputs of one call.</summary>
    public int MessagesMax { get; init; } = 10_000;

    internal void AddFaults(List<string> faults)
    {
        Bounds.Check(faults, "gateway.limits.bodyBytesMax", BodyBytesMax, 1 << 10, 1L << 30);
        Bounds.Check(faults, "gateway.limits.bodiesBytesMax", BodiesBytesMax, 1 << 20, 1L << 40);
        if (BodiesBytesMax < BodyBytesMax)
        {
            faults.Add($"gateway.limits.bodiesBytesMax is {BodiesBytesMax}; it must be at least gateway.limits.bodyBytesMax ({BodyBytesMax}), or the largest body is never taken");
        }

        Bounds.Check(faults, "gateway.limits.uploadBytesMax", UploadBytesMax, 1 << 10, 1L << 30);
        Bounds.Check(faults, "gateway.limits.filesBytesMax", FilesBytesMax, 1 << 10, 1L << 50);
        Bounds.Check(faults, "gateway.limits.bodyDeadline", BodyDeadline, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Bounds.Check(faults, "gateway.limits.writeDeadline", WriteDeadline, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Bounds.Check(faults, "gateway.limits.headDeadline", HeadDeadline, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Bounds.Check(faults, "gateway.limits.idleConnection", IdleConnection, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Bounds.Check(faults, "gateway.limits.inFlightMax", InFlightMax, 1, 100_000);
        Bounds.Check(faults, "gateway.limits.connectionsMax", ConnectionsMax, 1, 1_000_000);
        Bounds.Check(faults, "gateway.limits.headersMax", HeadersMax, 10, 10_000);
        Bounds.Check(faults, "gateway.limits.headerBytesMax", HeaderBytesMax, 1 << 10, 1 << 20);
        Bounds.Check(faults, "gateway.limits.requestLineBytesMax", RequestLineBytesMax, 256, 1 << 20);
        Bounds.Check(faults, "gateway.limits.jsonDepthMax", JsonDepthMax, 8, 1_000);
        Bounds.Check(faults, "gateway.limits.messagesMax", MessagesMax, 1, 1_000_000);
    }
}
