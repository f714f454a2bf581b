using System.Buffers;
using System.Text;
using System.Text.Json;
using Holdfast.Gateway.Answers;

namespace Holdfast.Tests.Gateway;

public sealed class LogprobJsonTests
{
    private static readonly JsonElement[] Tokens =
    [
        .. JsonSerializer.Deserialize<JsonElement>("""[{"token":"On","logprob":-0.5,"bytes":[79,110],"top_logprobs":[{"token":"On","logprob":-0.5},{"token":"\uFFFD","logprob":-1},{"token":"\uFFFD","logprob":-2}]},{"token":"ce 😀","logprob":-3,"bytes":[1],"top_logprobs":[]}]""").EnumerateArray(),
    ];

    [Fact]
    public void A_completion_gets_four_lists_of_one_length_and_offsets_that_go_on()
    {
        var (text, next) = Write(isChat: false, textOffset: 7);
        var lists = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("logprobs");
        Assert.Equal(["On", "ce 😀"], lists.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("[-0.5,-3]", lists.GetProperty("token_logprobs").GetRawText());
        Assert.Equal([("On", -.5), ("\uFFFD", -1)], lists.GetProperty("top_logprobs")[0].EnumerateObject().Select(t => (t.Name, t.Value.GetDouble())));
        Assert.Empty(lists.GetProperty("top_logprobs")[1].EnumerateObject());
        Assert.Equal("[7,9]", lists.GetProperty("text_offset").GetRawText());
        Assert.Equal(14, next);
    }

    [Fact]
    public void A_chat_gets_its_content()
    {
        var (text, _) = Write(isChat: true, textOffset: 0);
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("logprobs").GetProperty("content").GetArrayLength());
    }

    private static (string Text, int Next) Write(bool isChat, int textOffset)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int next;
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            next = LogprobJson.Write(json, Tokens, isChat, textOffset);
            json.WriteEndObject();
        }

        return (Encoding.UTF8.GetString(buffer.WrittenSpan), next);
    }
}
