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
    private readonly CallSpans? _callSpans;
    private readonly ReasoningSplitter _reasoning;
    private readonly ToolCallReader _calls;
    private readonly LogprobWriter? _logprobs;
    private readonly TokenConstraint? _constraint;
    private readonly ulong[] _mask = [];
    private readonly Queue<int> _forced = new();
    private readonly Queue<Piece> _unread = new();

    /// <summary>Text of the step: nearly always one token's, which then is not copied.</summary>
    private string _ready = "";

    /// <summary>UTF-16 units of the answer so far, those that a stop string may still claim among them.</summary>
    private int _length;
    private ConstraintState? _state;

    public Generation(Call call, int choice, Sequence sequence, SamplingSettings settings)
    {
        (_call, Choice, Sequence, Settings) = (call, choice, sequence, settings);
        Counts = settings.HasPenalties ? new TokenCounts(sequence.Tokens) : null;
        _detokenizer = new Detokenizer(call.Tokenizer.Vocabulary);
        // What a schema demands is whole or cut by the token limit; a stop string inside it would end it as if it were complete.
        _stops = new StopMatcher(call.Constraint is null ? call.Stops : []);
        _callSpans = call.ToolFormat == ToolFormat.Tagged && call.Constraint is null && call.Stops.Count > 0 ? new CallSpans() : null;
        _reasoning = new ReasoningSplitter(call.Thinking);
        _calls = new ToolCallReader(call.ToolFormat, isForced: call.Constraint is not null, call.ToolNames, number => $"call_{call.RequestId}_{choice}_{number}");
        _logprobs = settings.WantsLogprobs ? new LogprobWriter(call.Tokenizer.Vocabulary) : null;
        if (call.Constraint is { } constraint)
        {
            (_constraint, _state, _mask) = (constraint, constraint.Start, new ulong[constraint.MaskWords]);
        }
    }

    public int Choice { get; }

    /// <summary>The choice's number among those of its prompt. With a seed, random numbers hang on it and not on <see cref="Choice"/>: a prompt has the same answers alone and in a list. Without one each choice draws for itself.</summary>
    public int Draw { get; init; }

    public Sequence Sequence { get; }

    public SamplingSettings Settings { get; }

    public TokenCounts? Counts { get; }

    public string RequestId => _call.RequestId;

    public Call Call => _call;

    /// <summary>When the last token came, for the time between tokens.</summary>
    public long LastTokenAt { get; set; }

    /// <summary>Why the answer is over, once all its parts went out; null while it grows.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>
    /// The token at the place whose logits come next, where it stands fixed: it was put in before its logits were known, or the
    /// constraint leaves one text only, whose tokens are those that the tokenizer would write.
    /// </summary>
    public int? Known() => _unread.TryPeek(out var piece) ? piece.Token : Forced();

    /// <summary>The tokens that may come next; empty when all may.</summary>
    public ReadOnlySpan<ulong> Allowed()
    {
        if (_state is not null)
        {
            _constraint?.Mask(_state, _mask);
        }
        else
        {
            // Never free text for want of a state: where there is a form and no way on, no token is allowed.
            Array.Clear(_mask);
        }

        return _mask;
    }

    /// <summary>Whether no token at all may come next: the answer's form demands what the vocabulary cannot write.</summary>
    public bool IsAtDeadEnd() => _constraint is not null && !Allowed().ContainsAnyExcept(0UL);

    /// <summary>
    /// Takes the next token, and with it all that must follow: those tokens are put into the sequence at once, and the next step
    /// computes them as one run. Where log probabilities are wanted, they go out when their logits come.
    /// </summary>
    public void Take(SampledToken sampled)
    {
        if (_unread.TryDequeue(out var known))
        {
            Debug.Assert(known.Token == sampled.Token, "the logits belong to another token");
            Read(known, sampled);
            while (_unread.TryPeek(out var next) && IsEnd(next.Token))
            {
                Read(_unread.Dequeue(), null);
            }

            return;
        }

        _forced.TryDequeue(out _);
        var piece = Append(sampled.Token, keepsLogits: false);
        Read(piece, sampled);
        while (piece.FinishReason is null && Forced() is { } token)
        {
            _forced.TryDequeue(out _);
            piece = Append(token, keepsLogits: _logprobs is not null);
            if (_logprobs is not null && (_unread.Count > 0 || !IsEnd(token)))
            {
                _unread.Enqueue(piece);
            }
            else
            {
                Read(piece, null);
            }
        }
    }

    /// <summary>Gives out what came since the last time. An answer that shall hold one call of a tool is over behind it.</summary>
    public void Send()
    {
        Emit(_ready, FinishReason);
        _ready = "";
    }

    private bool IsEnd(int token) => _call.Tokenizer.EndTokens.Contains(token);

    private int? Forced()
    {
        if (_constraint is null || _state is null)
        {
            return null;
        }

        if (_forced.Count == 0)
        {
            foreach (var token in _constraint.Forced(_state))
            {
                _forced.Enqueue(token);
            }
        }

        return _forced.TryPeek(out var forced) ? forced : _constraint.MustEnd(_state) ? _call.Tokenizer.EndToken : null;
    }

    private Piece Append(int token, bool keepsLogits)
    {
        Sequence.Append(token, keepsLogits);
        Counts?.Add(token);
        if (_constraint is not null && _state is not null)
        {
            _state = _constraint.Advance(_state, token);
            Debug.Assert(_state is not null, "the mask let a token through that the constraint does not");
        }

        var offset = _length;
        if (IsEnd(token))
        {
            return new Piece(token, offset, Rest(), "stop");
        }

        var own = _detokenizer.Append(token);
        _length += own.Length;
        var text = TakeUpToStop(own, out var isStopped);
        return isStopped ? new Piece(token, offset, text, "stop")
            : Sequence.GeneratedTokens >= Sequence.NewTokensMax ? new Piece(token, offset, text + Rest(), "length")
            : new Piece(token, offset, text, null);
    }

    private string TakeUpToStop(string own, out bool isStopped)
    {
        // Thoughts may speak of calls.
        if (_callSpans is null || _reasoning.IsReasoning)
        {
            return _stops.Take(own, out isStopped);
        }

        var text = "";
        foreach (var (piece, isInCall) in _callSpans.Cut(own))
        {
            if (isInCall)
            {
                text += _stops.Flush() + piece;
                continue;
            }

            text += _stops.Take(piece, out isStopped);
            if (isStopped)
            {
                return text;
            }
        }

        isStopped = false;
        return text;
    }

    /// <summary>What a stop string might still have claimed comes out now, and an unfinished character as U+FFFD.</summary>
    private string Rest()
    {
        var rest = _stops.Take(_detokenizer.Flush(), out var isStopped);
        return isStopped ? rest : rest + _stops.Flush();
    }

    private void Read(in Piece piece, SampledToken? sampled)
    {
        _ready += piece.Text;
        FinishReason = piece.FinishReason;
        if (sampled is { } token && !IsEnd(piece.Token))
        {
            _logprobs?.Add(token, piece.Offset);
        }
    }

    private void Emit(string text, string? finishReason)
    {
        var (reasoning, answer) = _reasoning.Take(text, isLast: finishReason is not null);
        var (content, calls) = _calls.Take(answer, isLast: finishReason is not null);
        if (_call.IsSingleCall && _constraint is null && _calls.IsBehindCall)
        {
            finishReason = FinishReason ??= "stop";
        }

        foreach (var call in calls)
        {
            // A tag may hold a second call, and both come with the tag's end.
            if (!_call.IsSingleCall || call.Index == 0)
            {
                _call.Write(new AnswerPart { Choice = Choice, ToolCall = call, HasContent = true });
            }
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
