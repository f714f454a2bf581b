using System.Threading.Channels;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>One request inside the engine: its choices and the channel its parts go through. Parts are bounded by the tokens asked for.</summary>
internal sealed class Call(string requestId, Tokenizer tokenizer, IReadOnlyList<string> stops, ThinkingStart thinking, long startedAt)
{
    private readonly Channel<AnswerPart> _parts = Channel.CreateUnbounded<AnswerPart>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Generation> _generations = [];
    private int _unfinished;

    public string RequestId => requestId;

    public Tokenizer Tokenizer => tokenizer;

    public IReadOnlyList<string> Stops => stops;

    public ThinkingStart Thinking => thinking;

    public long StartedAt => startedAt;

    /// <summary>What the answers must look like; null: free text.</summary>
    public TokenConstraint? Constraint { get; init; }

    /// <summary>How the model writes calls of tools, when it may.</summary>
    public ToolFormat ToolFormat { get; init; }

    /// <summary>The tools that were offered.</summary>
    public IReadOnlyList<string> ToolNames { get; init; } = [];

    /// <summary>The answer ends with its first call of a tool.</summary>
    public bool IsSingleCall { get; init; }

    public IReadOnlyList<Generation> Generations => _generations;

    public ChannelReader<AnswerPart> Parts => _parts.Reader;

    public void Add(Generation generation)
    {
        _generations.Add(generation);
        _unfinished++;
    }

    public void Write(AnswerPart part) => _parts.Writer.TryWrite(part);

    /// <summary>A choice is over; after the last one the usage goes out and the channel ends.</summary>
    public void FinishOne()
    {
        if (--_unfinished > 0)
        {
            return;
        }

        // The choices of one prompt share it: it is counted once.
        var leaders = _generations.Where(g => g.Sequence.Leader is null).ToList();
        Write(new AnswerPart
        {
            Usage = new TokenUsage(
                leaders.Sum(g => g.Sequence.PromptTokens), _generations.Sum(g => g.Sequence.GeneratedTokens), leaders.Sum(g => g.Sequence.CachedTokens), UsageSource.Provider),
        });
        _parts.Writer.TryComplete();
    }

    public void Fail(AnswerFault fault)
    {
        Write(new AnswerPart { Fault = fault });
        _parts.Writer.TryComplete();
    }
}
