using System.Diagnostics;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>One choice of a request while it grows: its sequence, and the way from tokens to the parts that the client gets.</summary>
internal sealed class Generation
{
    private readonly Call _call;
    private readonly Detokenizer _detokenizer;
    private readonly StopMatcher _stops;
    private readonly ReasoningSplitter _reasoning;
    private readonly ToolCallReader _calls;
    private readonly LogprobWriter? _logprobs;
    private readonly TokenConstraint? _constraint;
    private readonly ulong[] _mask = [];
    private readonly Queue<int> _forced = new();
    private ConstraintState? _state;

    public Generation(Call call, int choice, Sequence sequence, SamplingSettings settings)
    {
        (_call, Choice, Sequence, Settings) = (call, choice, sequence, settings);
        Counts = settings.HasPenalties ? new TokenCounts(sequence.Tokens) : null;
        _detokenizer = new Detokenizer(call.Tokenizer.Vocabulary);
        _stops = new StopMatcher(call.Stops);
        _reasoning = new ReasoningSplitter(call.Thinking);
        _calls = new ToolCallReader(call.ToolFormat, number => $"call_{call.RequestId}_{choice}_{number}");
        _logprobs = settings.WantsLogprobs ? new LogprobWriter(call.Tokenizer.Vocabulary) : null;
        if (call.Constraint is { } constraint)
        {
            (_constraint, _state, _mask) = (constraint, constraint.Start, new ulong[constraint.MaskWords]);
        }
    }

    public int Choice { get; }

    public Sequence Sequence { get; }

    public SamplingSettings Settings { get; }

    public TokenCounts? Counts { get; }

    public string RequestId => _call.RequestId;

    public Call Call => _call;

    /// <summary>When the last token came, for the time between tokens.</summary>
    public long LastTokenAt { get; set; }

    /// <summary>
    /// The tokens that may come next; empty when all may. Where the constraint leaves one text only, its tokens as the tokenizer
    /// spells it are the only ones allowed, one after another.
    /// </summary>
    public ReadOnlySpan<ulong> Allowed()
    {
        if (_constraint is null || _state is null)
        {
            return [];
        }

        if (_forced.Count == 0)
        {
            foreach (var token in _constraint.Forced(_state))
            {
                _forced.Enqueue(token);
            }
        }

        if (_forced.TryDequeue(out var forced))
        {
            Array.Clear(_mask);
            _mask[forced >> 6] = 1UL << (forced & 63);
        }
        else
        {
            _constraint.Mask(_state, _mask);
        }

        return _mask;
    }

    /// <summary>Takes the next token. Returns true when the generation is over.</summary>
    public bool Take(SampledToken sampled)
    {
        Sequence.Append(sampled.Token);
        Counts?.Add(sampled.Token);
        if (_constraint is not null && _state is not null)
        {
            _state = _constraint.Advance(_state, sampled.Token);
            Debug.Assert(_state is not null, "the mask let a token through that the constraint does not");
        }

        if (_call.Tokenizer.EndTokens.Contains(sampled.Token))
        {
            Finish("stop");
            return true;
        }

        var text = _stops.Take(_detokenizer.Append(sampled.Token), out var isStopped);
        _logprobs?.Add(sampled);
        Emit(text, null);
        if (isStopped)
        {
            End("stop", "");
            return true;
        }

        if (Sequence.GeneratedTokens >= Sequence.NewTokensMax)
        {
            Finish("length");
            return true;
        }

        return false;
    }

    private void Finish(string reason)
    {
        // What a stop string might still have claimed comes out now, and an unfinished character as U+FFFD.
        var rest = _stops.Take(_detokenizer.Flush(), out var isStopped);
        End(reason, isStopped ? rest : rest + _stops.Flush());
    }

    private void End(string reason, string rest) => Emit(rest, reason);

    private void Emit(string text, string? finishReason)
    {
        var (reasoning, answer) = _reasoning.Take(text, isLast: finishReason is not null);
        var (content, calls) = _calls.Take(answer, isLast: finishReason is not null);
        foreach (var call in calls)
        {
            _call.Write(new AnswerPart { Choice = Choice, ToolCall = call, HasContent = true });
        }

        var logprobs = _logprobs?.Drain();
        if (content.Length == 0 && reasoning.Length == 0 && finishReason is null && logprobs is null)
        {
            return;
        }

        _call.Write(new AnswerPart
        {
            Choice = Choice,
            Text = content.Length > 0 ? content : null,
            Reasoning = reasoning.Length > 0 ? reasoning : null,
            Logprobs = logprobs,
            FinishReason = finishReason == "stop" && _calls.HasCalls ? "tool_calls" : finishReason,
            HasContent = content.Length > 0 || reasoning.Length > 0,
        });
    }
}
