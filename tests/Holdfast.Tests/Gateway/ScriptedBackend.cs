using System.Runtime.CompilerServices;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Tests.Gateway;

/// <summary>A backend that says what a test wants it to say, faults included.</summary>
internal sealed class ScriptedBackend(string name, IReadOnlyList<ServedModel> models, Func<AnswerCall, CancellationToken, IAsyncEnumerable<AnswerPart>> answer) : IBackend
{
    public string Name => name;

    public IReadOnlyList<ServedModel> Models => models;

    public AnswerCall? LastCall { get; private set; }

    public static ScriptedBackend Says(string model, params AnswerPart[] parts) =>
        new("scripted", [new ServedModel(model, ModelAbilities.Chat | ModelAbilities.Completions, null, "test")], (_, token) => Parts(parts, token));

    /// <summary>Two pieces of text and an end.</summary>
    public static ScriptedBackend Hello(string model = "small") => Says(
        model,
        new AnswerPart { Text = "Hel", HasContent = true },
        new AnswerPart { Text = "lo.", HasContent = true },
        new AnswerPart { FinishReason = "stop", Usage = new TokenUsage(7, 2, null, UsageSource.Counted) });

    public IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerCall call, CancellationToken cancellationToken)
    {
        LastCall = call;
        return answer(call, cancellationToken);
    }

    public static async IAsyncEnumerable<AnswerPart> Parts(IEnumerable<AnswerPart> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return part;
        }
    }
}
