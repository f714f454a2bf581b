using System.Text.Json;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Prompts;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Pipeline;

/// <summary>
/// The edits that a client's bytes may go through on the way upstream, each by its name in the trace: the model's name, the
/// retrieval message, <c>stream_options.include_usage</c>, the removal of <c>holdfast</c>. All else goes as it came.
/// </summary>
internal static class RequestEdits
{
    public static byte[] Apply(Exchange x)
    {
        var call = x.Call!;
        var body = call.Body.Span;
        var edits = new List<JsonEdit>(4);
        SetModel(x, body, edits);
        if (x.Prompt is { } prompt && call.LastUserAt >= 0)
        {
            edits.Add(new JsonEdit(call.LastUserAt, 0, Message(prompt)));
            x.Edits.Add($"messages: the retrieval message ({prompt.Template}) before the last user message");
        }

        if (call.Request is { IsStream: true, WantsStreamUsage: false })
        {
            AskForUsage(x, body, edits);
        }

        var count = edits.Count;
        JsonSplice.Remove(body, call.Members, "holdfast"u8, edits);
        if (edits.Count > count)
        {
            x.Edits.Add("holdfast: taken out");
        }

        return edits.Count == 0 ? Whole(call.Body) : JsonSplice.Apply(body, edits);
    }

    private static void SetModel(Exchange x, ReadOnlySpan<byte> body, List<JsonEdit> edits)
    {
        var name = x.Served!.Id;
        if (name == x.Call!.Model)
        {
            return;
        }

        foreach (var member in x.Call.Members)
        {
            if (member.Is(body, "model"u8))
            {
                edits.Add(JsonSplice.Replace(member, JsonText.Quote(name)));
            }
        }

        x.Edits.Add($"model: {name} for {x.Call.Model}");
    }

    /// <summary>The usage that the ledger settles with; the client that did not ask does not see it.</summary>
    private static void AskForUsage(Exchange x, ReadOnlySpan<byte> body, List<JsonEdit> edits)
    {
        x.Edits.Add("stream_options.include_usage: true");
        MemberSpan? options = null;
        foreach (var member in x.Call!.Members)
        {
            options = member.Is(body, "stream_options"u8) ? member : options;
        }

        if (options is not { } found)
        {
            edits.Insert(0, JsonSplice.InsertFirst(x.Call.Members[0].NameStart - LeadOf(body, x.Call.Members[0].NameStart), false, "stream_options"u8, "{\"include_usage\":true}"u8));
            return;
        }

        if (body[found.ValueStart] != (byte)'{')
        {
            edits.Add(JsonSplice.Replace(found, "{\"include_usage\":true}"u8.ToArray()));
            return;
        }

        var inner = JsonSplice.Members(body, found.ValueStart);
        var hasMember = false;
        foreach (var member in inner)
        {
            if (member.Is(body, "include_usage"u8))
            {
                edits.Add(JsonSplice.Replace(member, "true"u8.ToArray()));
                hasMember = true;
            }
        }

        if (!hasMember)
        {
            edits.Add(JsonSplice.InsertFirst(found.ValueStart, inner.Count == 0, "include_usage"u8, "true"u8));
        }
    }

    /// <summary>Bytes from the object's brace to its first member.</summary>
    private static int LeadOf(ReadOnlySpan<byte> body, int firstMember) => firstMember - body[..firstMember].LastIndexOf((byte)'{');

    private static byte[] Message(RenderedPrompt prompt)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(prompt.Text.Length + 64);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteString("role"u8, prompt.Role);
            json.WriteString("content"u8, prompt.Text);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)','];
    }

    private static byte[] Whole(ReadOnlyMemory<byte> body) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var segment) && segment is { Offset: 0 } && segment.Count == segment.Array!.Length
            ? segment.Array
            : body.ToArray();
}
