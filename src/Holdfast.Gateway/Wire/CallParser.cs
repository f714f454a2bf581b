using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Reads a chat, completion or embedding call in one pass. A member of the wrong JSON type is the client's fault. A number that does not
/// fit ours, and a member that only an upstream can follow, goes upstream as it is; a backend of this process refuses the call with
/// <see cref="ChatRequest.OwnFault"/>. Members we do not know are not looked at.
/// </summary>
internal ref struct CallParser
{
    /// <summary>Digits of a number that a fault repeats.</summary>
    private const int NumberShownMax = 40;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly CallKind _kind;
    private readonly int _depthMax;
    private readonly int _messagesMax;
    private readonly List<MemberSpan> _members = [];
    private List<ChatMessage>? _messages;
    private AnswerFault? _fault;
    private AnswerFault? _ownFault;
    private string? _model;
    private int _lastUserAt = -1;
    private int _lastUserIndex = -1;
    private bool _hasTokenInputs;
    private string? _encodingFormat;
    private int? _dimensions;
    private int? _maxTokens;
    private int? _maxCompletionTokens;
    private bool _asksForTruncation;
    private RetrievalWish _wish = RetrievalWish.None;
    private ChatRequest _request = new() { Messages = [] };

    private CallParser(CallKind kind, ReadOnlyMemory<byte> body, int depthMax, int messagesMax)
    {
        (_kind, _body, _depthMax, _messagesMax) = (kind, body, depthMax, messagesMax);
    }

    public static (ParsedCall? Call, AnswerFault? Fault) Parse(CallKind kind, ReadOnlyMemory<byte> body, int depthMax, int messagesMax)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return (null, JsonFaults.NotUtf8(body.Span));
        }

        var parser = new CallParser(kind, body, depthMax, messagesMax);
        try
        {
            if (HalfPairs.Find(body.Span, depthMax) is { } place)
            {
                return (null, JsonFaults.HalfPair(body.Span, place));
            }

            parser.ReadObject();
        }
        catch (JsonException fault)
        {
            return (null, JsonFaults.Broken(body.Span, fault, depthMax));
        }

        var fault2 = parser._fault ?? parser.Missing();
        return fault2 is null ? (parser.Call(), null) : (null, fault2);
    }

    private void ReadObject()
    {
        var reader = new Utf8JsonReader(_body.Span, new JsonReaderOptions { MaxDepth = _depthMax });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _fault = Refusals.BadRequest("invalid_json", "The body must be a JSON object.");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex;
            var nameLength = reader.ValueSpan.Length + 2;
            var member = Fields.Find(ref reader, out var upstreamName);
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            if (upstreamName is not null)
            {
                ReadUpstreamMember(upstreamName, ref reader);
            }
            else
            {
                ReadMember(member, ref reader);
            }

            _members.Add(new MemberSpan(nameStart, nameLength, valueStart, (int)reader.BytesConsumed));
        }

        // Reads to the end, so that bytes behind the object are a fault.
        reader.Read();
    }

    private void ReadUpstreamMember(string name, ref Utf8JsonReader reader)
    {
        if (Raw(ref reader) is { } value && UpstreamMembers.AsksForMore(_kind, name, value))
        {
            _asksForTruncation |= UpstreamMembers.LetsCut(name);
            _ownFault ??= Refusals.Unsupported(name, $"'{name}' is not supported by this model; leave it out.");
        }
    }

    private void ReadMember(Field field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case Field.Messages when _kind == CallKind.Chat:
                ReadMessages(ref reader);
                break;
            case Field.Prompt when _kind == CallKind.Completion:
            case Field.Input when _kind == CallKind.Embedding:
                ReadInputs(ref reader, field);
                break;
            case Field.Stop:
                _request = _request with { Stop = FieldReader.Strings(ref reader, "stop", ref _fault) };
                break;
            case Field.StreamOptions:
                ReadStreamOptions(ref reader);
                break;
            case Field.Holdfast:
                _wish = WishReader.Read(_body, ref reader, ref _fault);
                break;
            case Field.LogitBias:
                _request = _request with { LogitBias = FieldReader.Bias(ref reader, ref _fault) };
                break;
            case Field.Tools:
                _request = _request with { Tools = Raw(ref reader, "tools", "an array of tools", JsonTokenType.StartArray) };
                break;
            case Field.ToolChoice:
                _request = _request with { ToolChoice = Raw(ref reader, "tool_choice", "none, auto, required or an object that names a function", JsonTokenType.StartObject, JsonTokenType.String) };
                break;
            case Field.ResponseFormat:
                _request = _request with { ResponseFormat = Raw(ref reader, "response_format", "an object such as {\"type\":\"json_object\"}", JsonTokenType.StartObject) };
                break;
            case Field.ChatTemplateKwargs:
                _request = _request with { ChatTemplateKwargs = Raw(ref reader, "chat_template_kwargs", "an object", JsonTokenType.StartObject) };
                break;
            default:
                ReadScalar(field, ref reader);
                break;
        }
    }

    private void ReadScalar(Field field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case Field.Model: _model = FieldReader.Text(ref reader, "model", ref _fault); break;
            case Field.EncodingFormat: _encodingFormat = FieldReader.Text(ref reader, "encoding_format", ref _fault); break;
            case Field.Dimensions: _dimensions = Int(ref reader, "dimensions"); break;
            case Field.MaxTokens: _maxTokens = Int(ref reader, "max_tokens"); break;
            case Field.MaxCompletionTokens: _maxCompletionTokens = Int(ref reader, "max_completion_tokens"); break;
            case Field.Stream: _request = _request with { IsStream = FieldReader.Flag(ref reader, "stream", ref _fault) ?? false }; break;
            case Field.N: _request = _request with { Choices = Int(ref reader, "n") ?? 1 }; break;
            case Field.Temperature: _request = _request with { Temperature = Number(ref reader, "temperature") }; break;
            case Field.TopP: _request = _request with { TopP = Number(ref reader, "top_p") }; break;
            case Field.TopK: _request = _request with { TopK = Int(ref reader, "top_k") }; break;
            case Field.MinP: _request = _request with { MinP = Number(ref reader, "min_p") }; break;
            case Field.RepetitionPenalty: _request = _request with { RepetitionPenalty = Number(ref reader, "repetition_penalty") }; break;
            case Field.PresencePenalty: _request = _request with { PresencePenalty = Number(ref reader, "presence_penalty") }; break;
            case Field.FrequencyPenalty: _request = _request with { FrequencyPenalty = Number(ref reader, "frequency_penalty") }; break;
            case Field.Seed: _request = _request with { Seed = Long(ref reader, "seed") }; break;
            case Field.Priority: _request = _request with { Priority = Int(ref reader, "priority") ?? 0 }; break;
            case Field.ParallelToolCalls: _request = _request with { IsSingleCall = FieldReader.Flag(ref reader, "parallel_tool_calls", ref _fault) == false }; break;
            case Field.TopLogprobs: ReadTopLogprobs(ref reader); break;
            case Field.Logprobs: ReadLogprobs(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    /// <summary>A flag in a chat, a number of alternatives in a completion.</summary>
    private void ReadLogprobs(ref Utf8JsonReader reader)
    {
        if (_kind != CallKind.Completion)
        {
            _request = _request with { WantsLogprobs = FieldReader.Flag(ref reader, "logprobs", ref _fault) ?? false };
            return;
        }

        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            FieldReader.Fault(ref _fault, "logprobs", "a number in a completion: how many alternatives to give for each token");
        }

        var count = Int(ref reader, "logprobs");
        _request = _request with { WantsLogprobs = count is not null, TopLogprobs = count ?? 0, TopLogprobsName = "logprobs" };
    }

    private void ReadTopLogprobs(ref Utf8JsonReader reader)
    {
        var count = Int(ref reader, "top_logprobs") ?? 0;
        if (_kind != CallKind.Completion)
        {
            _request = _request with { TopLogprobs = count };
        }
        else if (count != 0)
        {
            _ownFault ??= Refusals.Unsupported("top_logprobs", "'top_logprobs' belongs to a chat; a completion takes the number as 'logprobs'.");
        }
    }

    private void ReadStreamOptions(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            FieldReader.Fault(ref _fault, "stream_options", "an object");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage)
            {
                _request = _request with { WantsStreamUsage = FieldReader.Flag(ref reader, "stream_options.include_usage", ref _fault) ?? false };
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadMessages(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            FieldReader.Fault(ref _fault, "messages", "an array");
            reader.Skip();
            return;
        }

        _messages = [];
        _lastUserAt = _lastUserIndex = -1;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (_messages.Count == _messagesMax)
            {
                _fault ??= Refusals.BadRequest("too_many_messages", $"There are more than {_messagesMax} messages (gateway.limits.messagesMax).", "messages");
            }

            var at = (int)reader.TokenStartIndex;
            var message = MessageReader.Read(_body, ref reader, _messages.Count, ref _fault, ref _ownFault);
            if (message.Role == "user")
            {
                (_lastUserAt, _lastUserIndex) = (at, _messages.Count);
            }

            _messages.Add(message);
        }
    }

    private void ReadInputs(ref Utf8JsonReader reader, Field field)
    {
        var name = field == Field.Prompt ? "prompt" : "input";
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            var ahead = reader;
            ahead.Read();
            if (ahead.TokenType is JsonTokenType.Number or JsonTokenType.StartArray)
            {
                _hasTokenInputs = true;
                reader.Skip();
                return;
            }
        }

        _request = _request with { Inputs = FieldReader.Strings(ref reader, name, ref _fault) };
        if (_request.Inputs.Count > _messagesMax)
        {
            _fault ??= Refusals.BadRequest("too_many_inputs", $"There are more than {_messagesMax} inputs (gateway.limits.messagesMax).", name);
        }
    }

    private int? Int(ref Utf8JsonReader reader, string name) =>
        Long(ref reader, name) is not { } value ? null
        : value is >= int.MinValue and <= int.MaxValue ? (int)value
        : Unfit<int>(name, value.ToString(CultureInfo.InvariantCulture), value > 0 ? $"be at most {int.MaxValue}" : $"be at least {int.MinValue}");

    private long? Long(ref Utf8JsonReader reader, string name) =>
        FieldReader.Long(ref reader, name, ref _fault) ?? Unfit<long>(name, ref reader, "be a whole number that 64 bits with a sign hold");

    private double? Number(ref Utf8JsonReader reader, string name) =>
        FieldReader.Number(ref reader, name, ref _fault) ?? Unfit<double>(name, ref reader, "be a number that 64 bits of floating point hold");

    private T? Unfit<T>(string name, ref Utf8JsonReader reader, string wanted)
        where T : struct =>
        reader.TokenType == JsonTokenType.Number ? Unfit<T>(name, Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, NumberShownMax)]), wanted) : null;

    private T? Unfit<T>(string name, string value, string wanted)
        where T : struct
    {
        _ownFault ??= Refusals.BadRequest("invalid_value", $"'{name}' is {value}; it must {wanted}.", name);
        return null;
    }

    private readonly JsonElement? Raw(ref Utf8JsonReader reader) => FieldReader.Raw(_body, ref reader);

    private JsonElement? Raw(ref Utf8JsonReader reader, string name, string wanted, params ReadOnlySpan<JsonTokenType> kinds)
    {
        if (reader.TokenType != JsonTokenType.Null && !kinds.Contains(reader.TokenType))
        {
            FieldReader.Fault(ref _fault, name, wanted);
        }

        return Raw(ref reader);
    }

    private readonly AnswerFault? Missing()
    {
        if (string.IsNullOrEmpty(_model))
        {
            return Refusals.BadRequest("missing_parameter", "'model' is missing; GET /v1/models lists the models.", "model");
        }

        return _kind switch
        {
            CallKind.Chat when _messages is null => Refusals.BadRequest("missing_parameter", "'messages' is missing.", "messages"),
            CallKind.Chat when _messages.Count == 0 => Refusals.BadRequest("invalid_value", "'messages' is empty; at least one message is needed.", "messages"),
            CallKind.Completion when _request.Inputs.Count == 0 && !_hasTokenInputs => Refusals.BadRequest("missing_parameter", "'prompt' is missing or empty.", "prompt"),
            CallKind.Embedding when _request.Inputs.Count == 0 && !_hasTokenInputs => Refusals.BadRequest("missing_parameter", "'input' is missing or empty.", "input"),
            _ => null,
        };
    }

    private readonly ParsedCall Call() => new()
    {
        Body = _body,
        Model = _model!,
        Request = _request with
        {
            Messages = _messages ?? [],
            MaxTokens = _maxCompletionTokens ?? _maxTokens,
            MaxTokensName = _maxCompletionTokens is null ? "max_tokens" : "max_completion_tokens",
            OwnFault = _ownFault,
        },
        Wish = _wish,
        Members = _members,
        LastUserAt = _lastUserAt,
        LastUserIndex = _lastUserIndex,
        HasTokenInputs = _hasTokenInputs,
        AsksForTruncation = _asksForTruncation,
        EncodingFormat = _encodingFormat,
        Dimensions = _dimensions,
    };
}
