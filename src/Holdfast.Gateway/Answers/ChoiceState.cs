using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Answers;

/// <summary>What one choice of an answer has said so far.</summary>
internal sealed class ChoiceState(int index)
{
    public int Index { get; } = index;

    public StringBuilder Text { get; } = new();

    public StringBuilder? Reasoning { get; set; }

    public List<Citation> Citations { get; } = [];

    public SortedDictionary<int, ToolCallState> ToolCalls { get; } = [];

    public List<JsonElement> Logprobs { get; } = [];

    public List<int> TextOffsets { get; } = [];

    public string? FinishReason { get; set; }

    /// <summary>True when the frame with the role was sent.</summary>
    public bool HasStarted { get; set; }

    public ReadOnlyMemory<byte> Raw { get; set; }
}
