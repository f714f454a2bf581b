namespace Holdfast.Gateway.Door;

/// <summary>How a request is recorded.</summary>
internal enum RecordKind
{
    /// <summary>Counted.</summary>
    Count,

    /// <summary>Counted, and one log line with the key's name: what changes keys or signs in.</summary>
    Line,

    /// <summary>Counted, with a full trace.</summary>
    Trace,
}
