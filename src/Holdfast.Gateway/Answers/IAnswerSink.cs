using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Answers;

/// <summary>Where an answer goes: a stream, a whole body, the ask box.</summary>
internal interface IAnswerSink
{
    /// <summary>True once the client has a head with status 200; a fault after that is an error frame.</summary>
    bool HasSentHead { get; }

    /// <summary>The next part; the first one brings the head.</summary>
    ValueTask WriteAsync(AnswerPart part, ChoiceState choice, CancellationToken cancellationToken);

    /// <summary>A fault after the head.</summary>
    ValueTask FailAsync(AnswerFault fault, CancellationToken cancellationToken);

    /// <summary>All parts are there and the usage is settled: prepares the last bytes.</summary>
    ValueTask FinishAsync(AnswerLedger ledger, CancellationToken cancellationToken);

    /// <summary>Sends the last bytes, after the record was made: whoever has the end of an answer can read its trace.</summary>
    ValueTask CloseAsync(CancellationToken cancellationToken);
}
