using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Answers;

/// <summary>Adds up the parts of an answer: texts for the count and the citations, the last usage that says something.</summary>
internal sealed class AnswerLedger
{
    private readonly List<ChoiceState> _choices = new(1);

    public IReadOnlyList<ChoiceState> Choices => _choices;

    /// <summary>The last usage that is not all zero: Ollama sends zeros in early chunks.</summary>
    public TokenUsage? Usage { get; private set; }

    public bool IsRefusal { get; private set; }

    /// <summary>The whole body of an answer that does not stream, from a pass-through upstream.</summary>
    public ReadOnlyMemory<byte> RawBody { get; private set; }

    public ChoiceState Add(AnswerPart part)
    {
        var choice = Choice(part.Choice);
        if (part.Text is { } text)
        {
            choice.Text.Append(text);
        }

        if (part.Reasoning is { } reasoning)
        {
            (choice.Reasoning ??= new()).Append(reasoning);
        }

        if (part.Citations is { } citations)
        {
            choice.Citations.AddRange(citations);
        }

        if (part.ToolCall is { } call)
        {
            AddCall(choice, call);
        }

        if (part.Logprobs is { } logprobs)
        {
            choice.Logprobs.AddRange(logprobs.Content.EnumerateArray());
            choice.TextOffsets.AddRange(logprobs.TextOffsets);
        }

        if (part.Usage is { } usage && (usage.PromptTokens | usage.CompletionTokens) != 0)
        {
            Usage = usage;
        }

        choice.FinishReason = part.FinishReason ?? choice.FinishReason;
        IsRefusal |= part.IsRefusal;
        if (part.Raw.Length > 0)
        {
            RawBody = part.Raw;
        }

        return choice;
    }

    private static void AddCall(ChoiceState choice, ToolCallDelta delta)
    {
        if (!choice.ToolCalls.TryGetValue(delta.Index, out var call))
        {
            choice.ToolCalls[delta.Index] = call = new ToolCallState();
        }

        call.Id ??= delta.Id;
        call.Name ??= delta.Name;
        call.Arguments.Append(delta.Arguments);
    }

    private ChoiceState Choice(int index)
    {
        foreach (var choice in _choices)
        {
            if (choice.Index == index)
            {
                return choice;
            }
        }

        var made = new ChoiceState(index);
        _choices.Add(made);
        return made;
    }
}
