using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Answers;

/// <summary>Sends an answer in one piece; until then any fault is still a status.</summary>
internal sealed class WholeSink(HttpResponse response, Exchange x, WriteDeadline deadline) : IAnswerSink
{
    private ReadOnlyMemory<byte> _body;

    public bool HasSentHead => false;

    public ValueTask WriteAsync(AnswerPart part, ChoiceState choice, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FailAsync(AnswerFault fault, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("a whole answer fails with a status, before its head");

    public ValueTask FinishAsync(AnswerLedger ledger, CancellationToken cancellationToken)
    {
        _body = ledger.RawBody.Length > 0 ? new RawAnswer(x).Body(ledger) : LocalBody.Write(x, ledger);
        x.Answer.Add(_body.Span);
        AnswerHead.Set(response, x);
        response.ContentType = "application/json";
        response.ContentLength = _body.Length;
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(CancellationToken cancellationToken) => deadline.WaitAsync(response.Body.WriteAsync(_body, cancellationToken).AsTask(), response.HttpContext);
}
