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
    public void A_completion_gets_four_lists_of_one_length_with_the_chosen_token_among_the_alternatives()
    {
        var lists = JsonSerializer.Deserialize<JsonElement>(Write(isChat: false)).GetProperty("logprobs");
        Assert.Equal(["On", "ce 😀"], lists.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("[-0.5,-3]", lists.GetProperty("token_logprobs").GetRawText());
        Assert.Equal([("On", -.5), ("\uFFFD", -1)], lists.GetProperty("top_logprobs")[0].EnumerateObject().Select(t => (t.Name, t.Value.GetDouble())));
        Assert.Equal([("ce 😀", -3)], lists.GetProperty("top_logprobs")[1].EnumerateObject().Select(t => (t.Name, t.Value.GetDouble())));
        Assert.Equal("[7,9]", lists.GetProperty("text_offset").GetRawText());
    }

    [Fact]
    public void A_chat_gets_its_content()
    {
        var logprobs = JsonSerializer.Deserialize<JsonElement>(Write(isChat: true)).GetProperty("logprobs");
        Assert.Equal(2, logprobs.GetProperty("content").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, logprobs.GetProperty("refusal").ValueKind);
    }

    private static string Write(bool isChat)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            LogprobJson.Write(json, Tokens, [7, 9], isChat);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
