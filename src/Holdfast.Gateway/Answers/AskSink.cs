using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Answers;

/// <summary>Keeps an answer for a page that was asked without JavaScript.</summary>
internal sealed class AskSink : IAnswerSink
{
    public bool HasSentHead => false;

    public string Text { get; private set; } = "";

    public ValueTask WriteAsync(AnswerPart part, ChoiceState choice, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FailAsync(AnswerFault fault, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("an answer that is kept fails before its head");

    public ValueTask FinishAsync(AnswerLedger ledger, CancellationToken cancellationToken)
    {
        Text = ledger.Choices.Count > 0 ? ledger.Choices[0].Text.ToString() : "";
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
