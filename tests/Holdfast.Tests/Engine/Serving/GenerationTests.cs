using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;
using Holdfast.Engine.Templates;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>From chosen tokens to parts, without a model.</summary>
public sealed class GenerationTests
{
    private const string First = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>";
    private const string Second = "\n<tool_call>\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>";

    [Theory]
    [InlineData(true, "f", "tool_calls")]
    [InlineData(false, "f g", "length")]
    public void An_answer_that_shall_hold_one_call_ends_behind_it(bool isSingle, string names, string finish)
    {
        var parts = Run(First + Second, isSingle, out var taken, out var all);
        Assert.Equal(names, string.Join(' ', parts.Select(p => p.ToolCall?.Name).OfType<string>()));
        Assert.Equal(isSingle, taken < all);
        Assert.Equal(finish, parts.Single(p => p.FinishReason is not null).FinishReason);
    }

    private static List<AnswerPart> Run(string text, bool isSingle, out int taken, out int all)
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        var ids = tokenizer.Encode(text, allowSpecial: false);
        var call = new Call("id", tokenizer, [], ThinkingStart.None, 0) { ToolFormat = ToolFormat.Tagged, IsSingleCall = isSingle };
        var sequence = new Sequence(1, [1], ids.Count, priority: 0, leader: null);
        var generation = new Generation(call, 0, sequence, new SamplingSettings());
        call.Add(generation);
        (taken, all) = (0, ids.Count);
        for (; taken < all && generation.FinishReason is null; taken++)
        {
            generation.Take(new SampledToken(ids[taken], 0, []));
            generation.Send();
        }

        var parts = new List<AnswerPart>();
        while (call.Parts.TryRead(out var part))
        {
            parts.Add(part);
        }

        return parts;
    }
}
