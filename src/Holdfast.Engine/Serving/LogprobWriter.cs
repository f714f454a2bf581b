using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>Collects the <c>content</c> array of OpenAI's <c>logprobs</c> until the next part goes out, and where each token's text begins.</summary>
internal sealed class LogprobWriter(Vocabulary vocabulary)
{
    private JsonArray _content = [];
    private List<int> _offsets = [];

    public void Add(SampledToken sampled, int offset)
    {
        var entry = Entry(new TokenLogprob(sampled.Token, sampled.Logprob));
        entry["top_logprobs"] = new JsonArray([.. sampled.Top.Select(t => (JsonNode)Entry(t))]);
        _content.Add(entry);
        _offsets.Add(offset);
    }

    public PartLogprobs? Drain()
    {
        if (_content.Count == 0)
        {
            return null;
        }

        var drained = new PartLogprobs(JsonSerializer.SerializeToElement(_content), _offsets);
        (_content, _offsets) = ([], []);
        return drained;
    }

    private JsonObject Entry(TokenLogprob token)
    {
        // A special token has a name and no text: null bytes, as the API says it.
        var bytes = vocabulary.BytesOf(token.Token);
        var numbers = vocabulary.IsText(token.Token) ? new JsonArray() : null;
        foreach (var value in bytes)
        {
            numbers?.Add((int)value);
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
