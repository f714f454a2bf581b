namespace Holdfast.Traffic.Retrying;

/// <summary>What an attempt's end says about trying again.</summary>
public enum AttemptFault
{
    /// <summary>The request never reached the replica: refused, not resolved, connect timeout.</summary>
    NotSent,

    /// <summary>The replica answered that it does not take the request now: 408, 425, 429, 502, 503, 504.</summary>
    NotTaken,

    /// <summary>The replica ended while it held the request. The request may be what ended it.</summary>
    DiedInFlight,

    /// <summary>A kept connection ended before any byte of the answer: the server had closed it (llama.cpp does after each stream).</summary>
    StaleConnection,

    /// <summary>The answer itself is no: the caller's fault, a broken answer, a timeout.</summary>
    Final,
}
