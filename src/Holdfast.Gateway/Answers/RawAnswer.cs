using System.Buffers;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Answers;

/// <summary>
/// Passes an upstream's own JSON on. Only these members are touched, in their bytes: <c>model</c> says the name that was asked for,
/// <c>usage</c> goes when we and not the client asked for it, <c>annotations</c> and <c>holdfast</c> come in where retrieval ran.
/// </summary>
internal sealed class RawAnswer(Exchange x)
{
    private readonly byte[] _model = JsonText.Quote(x.Model ?? "");
    private readonly bool _stripsUsage = x.Request is { IsStream: true, WantsStreamUsage: false };
    private bool _hasHoldfast;

    /// <summary>One frame of a stream; empty when nothing of it is the client's.</summary>
    public ReadOnlyMemory<byte> Frame(AnswerPart part, ChoiceState choice)
    {
        var json = part.Raw.Span;
        var ends = part.FinishReason is not null && x.Retrieved is not null && x.Kind == CallKind.Chat;
        var hasUsage = _stripsUsage && json.IndexOf("\"usage\""u8) >= 0;
        if (!ends && !hasUsage)
        {
            return WithModel(part.Raw);
        }

        var members = JsonSplice.Members(json, 0);
        var edits = new List<JsonEdit>();
        AddModel(json, members, edits);
        if (hasUsage)
        {
            if (HasNoChoices(json, members))
            {
                return default;
            }

            JsonSplice.Remove(json, members, "usage"u8, edits);
        }

        if (ends)
        {
            AddCitations(json, members, "delta"u8, choice, edits);
        }

        return JsonSplice.Apply(json, edits);
    }

    /// <summary>The whole body of an answer that does not stream.</summary>
    public ReadOnlyMemory<byte> Body(AnswerLedger ledger)
    {
        var raw = ledger.RawBody;
        if (x.Retrieved is null || x.Kind != CallKind.Chat)
        {
            return WithModel(raw);
        }

        var json = raw.Span;
        var members = JsonSplice.Members(json, 0);
        var edits = new List<JsonEdit>();
        AddModel(json, members, edits);
        foreach (var choice in ledger.Choices)
        {
            AddCitations(json, members, "message"u8, choice, edits);
        }

        return JsonSplice.Apply(json, edits);
    }

    private ReadOnlyMemory<byte> WithModel(ReadOnlyMemory<byte> raw)
    {
        var json = raw.Span;
        if (!JsonSplice.TryFind(json, "model"u8, out var model) || json[model.ValueStart..model.ValueEnd].SequenceEqual(_model))
        {
            return raw;
        }

        return JsonSplice.Apply(json, [JsonSplice.Replace(model, _model)]);
    }

    private void AddModel(ReadOnlySpan<byte> json, List<MemberSpan> members, List<JsonEdit> edits)
    {
        foreach (var member in members)
        {
            if (member.Is(json, "model"u8))
            {
                edits.Add(JsonSplice.Replace(member, _model));
            }
        }
    }

    private static bool HasNoChoices(ReadOnlySpan<byte> json, List<MemberSpan> members)
    {
        foreach (var member in members)
        {
            if (member.Is(json, "choices"u8))
            {
                return json[(member.ValueStart + 1)..(member.ValueEnd - 1)].Trim(" \t\r\n"u8).IsEmpty;
            }
        }

        return false;
    }

    private void AddCitations(ReadOnlySpan<byte> json, List<MemberSpan> members, ReadOnlySpan<byte> holder, ChoiceState choice, List<JsonEdit> edits)
    {
        var at = ChoiceObject(json, members, choice.Index);
        foreach (var member in at < 0 ? [] : JsonSplice.Members(json, at))
        {
            if (member.Is(json, holder) && json[member.ValueStart] == (byte)'{')
            {
                SetMember(json, member.ValueStart, member.ValueEnd, "annotations"u8, Written(w => AnswerJson.Annotations(w, x, choice.Citations)), edits);
            }
        }

        if (!_hasHoldfast)
        {
            _hasHoldfast = true;
            SetMember(json, 0, json.TrimEnd(" \t\r\n"u8).Length, "holdfast"u8, Written(w => AnswerJson.Holdfast(w, x, choice.Citations)), edits);
        }
    }

    private static int ChoiceObject(ReadOnlySpan<byte> json, List<MemberSpan> members, int index)
    {
        foreach (var member in members)
        {
            if (!member.Is(json, "choices"u8))
            {
                continue;
            }

            var reader = new Utf8JsonReader(json[member.ValueStart..member.ValueEnd], new JsonReaderOptions { MaxDepth = 1_000 });
            reader.Read();
            var first = -1;
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = member.ValueStart + (int)reader.TokenStartIndex;
                first = first < 0 ? start : first;
                if (IndexOf(json, start) == index)
                {
                    return start;
                }

                reader.Skip();
            }

            return first;
        }

        return -1;
    }

    private static int IndexOf(ReadOnlySpan<byte> json, int choiceStart)
    {
        foreach (var member in JsonSplice.Members(json, choiceStart))
        {
            if (member.Is(json, "index"u8) && System.Buffers.Text.Utf8Parser.TryParse(json[member.ValueStart..member.ValueEnd], out int index, out _))
            {
                return index;
            }
        }

        return -1;
    }

    private static void SetMember(ReadOnlySpan<byte> json, int objectStart, int objectEnd, ReadOnlySpan<byte> name, byte[] value, List<JsonEdit> edits)
    {
        var members = JsonSplice.Members(json, objectStart);
        foreach (var member in members)
        {
            if (member.Is(json, name))
            {
                edits.Add(JsonSplice.Replace(member, value));
                return;
            }
        }

        edits.Add(JsonSplice.InsertLast(objectEnd, members.Count == 0, name, value));
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
