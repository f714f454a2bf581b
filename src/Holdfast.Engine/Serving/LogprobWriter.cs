using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>Collects the <c>content</c> array of OpenAI's <c>logprobs</c> until the next part goes out.</summary>
internal sealed class LogprobWriter(Vocabulary vocabulary)
{
    private JsonArray _content = [];

    public void Add(SampledToken sampled)
    {
        var entry = Entry(new TokenLogprob(sampled.Token, sampled.Logprob));
        entry["top_logprobs"] = new JsonArray([.. sampled.Top.Select(t => (JsonNode)Entry(t))]);
        _content.Add(entry);
    }

    public JsonElement? Drain()
    {
        if (_content.Count == 0)
        {
            return null;
        }

        var element = JsonSerializer.SerializeToElement(_content);
        _content = [];
        return element;
    }

    private JsonObject Entry(TokenLogprob token)
    {
        var bytes = vocabulary.BytesOf(token.Token);
        var numbers = new JsonArray();
        foreach (var value in bytes)
        {
            numbers.Add((int)value);
        }

        // JSON has no minus infinity; the API uses -9999 for "practically never".
        return new JsonObject
        {
            ["token"] = Encoding.UTF8.GetString(bytes),
            ["logprob"] = Math.Max(-9999, token.Logprob),
            ["bytes"] = numbers,
        };
    }
}
