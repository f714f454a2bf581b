using System.Text;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;

namespace Holdfast.Gateway.Answers;

/// <summary>Keeps an answer for a page that was asked without JavaScript; in the record its text stands for the body.</summary>
internal sealed class AskSink(KeptBytes answer) : IAnswerSink
{
    public bool HasSentHead => false;

    public string Text { get; private set; } = "";

    public ValueTask WriteAsync(AnswerPart part, ChoiceState choice, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FailAsync(AnswerFault fault, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("an answer that is kept fails before its head");

    public ValueTask FinishAsync(AnswerLedger ledger, CancellationToken cancellationToken)
    {
        Text = ledger.Choices.Count > 0 ? ledger.Choices[0].Text.ToString() : "";
        answer.Add(Encoding.UTF8.GetBytes(Text));
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
