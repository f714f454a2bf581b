using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Reads a chat, completion or embedding call in one pass. A member of the wrong JSON type is the client's fault; a number that
/// does not fit ours counts as absent here and goes upstream as it is. Members we do not know are not looked at.
/// </summary>
internal ref struct CallParser
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly CallKind _kind;
    private readonly int _depthMax;
    private readonly int _messagesMax;
    private readonly List<MemberSpan> _members = [];
    private readonly List<string> _onlyUpstream = [];
    private List<ChatMessage>? _messages;
    private AnswerFault? _fault;
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
            parser.ReadObject();
        }
        catch (JsonException fault)
        {
            return (null, JsonFaults.Broken(body.Span, fault));
        }
        catch (InvalidOperationException)
        {
            // The reader's word for a string that holds half of a surrogate pair.
            return (null, Refusals.BadRequest("invalid_json", "The body holds a string with half of a surrogate pair (\\ud800 to \\udfff alone); no text can hold it."));
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
            var member = Fields.Find(ref reader);
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            if (member == Field.OnlyUpstream && AsksForMore(ref reader))
            {
                _onlyUpstream.Add(Encoding.UTF8.GetString(_body.Span.Slice(nameStart + 1, nameLength - 2)));
            }

            ReadMember(member, ref reader);
            _members.Add(new MemberSpan(nameStart, nameLength, valueStart, (int)reader.BytesConsumed));
        }

        // Reads to the end, so that bytes behind the object are a fault.
        reader.Read();
    }

    /// <summary>False for the values that clients send to say "as usual": null, false, 0, 1 and empty text.</summary>
    private static bool AsksForMore(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null or JsonTokenType.False => false,
        JsonTokenType.String => reader.ValueSpan.Length > 0,
        JsonTokenType.Number => !reader.TryGetInt64(out var number) || number is not (0 or 1),
        _ => true,
    };

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
                _request = _request with { Tools = Raw(ref reader) };
                break;
            case Field.ToolChoice:
                _request = _request with { ToolChoice = Raw(ref reader) };
                break;
            case Field.ResponseFormat:
                _request = _request with { ResponseFormat = Raw(ref reader) };
                break;
            case Field.ChatTemplateKwargs:
                _request = _request with { ChatTemplateKwargs = Raw(ref reader) };
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
            case Field.Dimensions: _dimensions = FieldReader.Int(ref reader, "dimensions", ref _fault); break;
            case Field.MaxTokens: _maxTokens = FieldReader.Int(ref reader, "max_tokens", ref _fault); break;
            case Field.MaxCompletionTokens: _maxCompletionTokens = FieldReader.Int(ref reader, "max_completion_tokens", ref _fault); break;
            case Field.Stream: _request = _request with { IsStream = FieldReader.Flag(ref reader, "stream", ref _fault) ?? false }; break;
            case Field.N: _request = _request with { Choices = FieldReader.Int(ref reader, "n", ref _fault) ?? 1 }; break;
            case Field.Temperature: _request = _request with { Temperature = FieldReader.Number(ref reader, "temperature", ref _fault) }; break;
            case Field.TopP: _request = _request with { TopP = FieldReader.Number(ref reader, "top_p", ref _fault) }; break;
            case Field.TopK: _request = _request with { TopK = FieldReader.Int(ref reader, "top_k", ref _fault) }; break;
            case Field.MinP: _request = _request with { MinP = FieldReader.Number(ref reader, "min_p", ref _fault) }; break;
            case Field.RepetitionPenalty: _request = _request with { RepetitionPenalty = FieldReader.Number(ref reader, "repetition_penalty", ref _fault) }; break;
            case Field.PresencePenalty: _request = _request with { PresencePenalty = FieldReader.Number(ref reader, "presence_penalty", ref _fault) }; break;
            case Field.FrequencyPenalty: _request = _request with { FrequencyPenalty = FieldReader.Number(ref reader, "frequency_penalty", ref _fault) }; break;
            case Field.Seed: _request = _request with { Seed = FieldReader.Long(ref reader, "seed", ref _fault) }; break;
            case Field.TopLogprobs: _request = _request with { TopLogprobs = FieldReader.Int(ref reader, "top_logprobs", ref _fault) ?? 0 }; break;
            case Field.Logprobs: ReadLogprobs(ref reader); break;
            case Field.Truncation: _asksForTruncation = reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False); reader.Skip(); break;
            default: reader.Skip(); break;
        }
    }

    /// <summary>A flag in a chat, a number of alternatives in a completion.</summary>
    private void ReadLogprobs(ref Utf8JsonReader reader)
    {
        if (_kind == CallKind.Completion)
        {
            var count = FieldReader.Int(ref reader, "logprobs", ref _fault);
            _request = _request with { WantsLogprobs = count is not null, TopLogprobs = count ?? 0 };
            return;
        }

        _request = _request with { WantsLogprobs = FieldReader.Flag(ref reader, "logprobs", ref _fault) ?? false };
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
                _fault ??= Refusals.BadRequest("too_many_messages", $"There are more than {_messagesMax} messages (limits.messagesMax).", "messages");
            }

            var at = (int)reader.TokenStartIndex;
            var message = MessageReader.Read(_body, ref reader, _messages.Count, ref _fault);
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
            _fault ??= Refusals.BadRequest("too_many_inputs", $"There are more than {_messagesMax} inputs (limits.messagesMax).", name);
        }
    }

    private readonly JsonElement? Raw(ref Utf8JsonReader reader) => FieldReader.Raw(_body, ref reader);

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
        Request = _request with { Messages = _messages ?? [], MaxTokens = _maxCompletionTokens ?? _maxTokens, OnlyUpstream = _onlyUpstream },
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
