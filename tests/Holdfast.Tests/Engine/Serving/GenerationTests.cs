using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;
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

    [Theory]
    [InlineData(true, "f")]
    [InlineData(false, "f g")]
    public void Two_calls_in_one_tag_are_two_unless_there_shall_be_one(bool isSingle, string names)
    {
        var parts = Run("<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call> and more", isSingle, out _, out _);
        Assert.Equal(names, string.Join(' ', parts.Select(p => p.ToolCall?.Name).OfType<string>()));
    }

    [Theory]
    [InlineData(First + " done} more", "}", "f {\"a\": 1}", " done", "tool_calls")]
    [InlineData(First + Second, "\"", "f {\"a\": 1}|g {}", "", "length")]
    [InlineData(First + Second, "</tool_call>", "f {\"a\": 1}|g {}", "", "length")]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call>}\"}}\n</tool_call>", "}", "f {\"a\": \"</tool_call>}\"}", "", "length")]
    [InlineData("a } b" + First, "}", "", "a ", "stop")]
    [InlineData("<tool" + First, "<tool_call", "", "<tool", "stop")]
    [InlineData("The <tool_call> tag opens a call. Then STOP and go on.", "STOP", "", "The <tool_call> tag opens a call. Then ", "stop")]
    public void A_stop_string_ends_the_text_and_never_a_call(string answer, string stop, string calls, string content, string finish)
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        var parts = Run(tokenizer, [.. tokenizer.Encode(answer, allowSpecial: false)], new SamplingSettings(), ToolFormat.Tagged, isSingle: false, out _, stop);
        var deltas = parts.Select(p => p.ToolCall).OfType<ToolCallDelta>().GroupBy(c => c.Index);
        Assert.Equal(calls, string.Join('|', deltas.Select(c => $"{c.First().Name} {string.Concat(c.Select(d => d.Arguments))}")));
        Assert.Equal(content, string.Concat(parts.Select(p => p.Text)));
        Assert.Equal(finish, parts.Single(p => p.FinishReason is not null).FinishReason);
    }

    [Fact]
    public void Offsets_say_where_a_token_begins_and_those_of_a_part_where_its_character_does()
    {
        const string Text = "Привет 😀 日本 a";
        var tokenizer = SmallVocabulary.Train("smollm");
        var special = tokenizer.Encode("<|im_start|>", allowSpecial: true);
        List<int> ids = [.. tokenizer.Encode(Text, allowSpecial: false)];
        Assert.True(ids.Count > Text.Length, "no character is spread over tokens");
        ids.InsertRange(1, special);
        var parts = Run(tokenizer, ids, new SamplingSettings { WantsLogprobs = true }, ToolFormat.None, isSingle: false, out _);

        var (expected, bytes) = (new List<int>(), 0);
        var utf8 = Encoding.UTF8.GetBytes(Text);
        foreach (var id in ids)
        {
            var start = bytes;
            while ((utf8.ElementAtOrDefault(start) & 0xC0) == 0x80)
            {
                start--;
            }

            expected.Add(Encoding.UTF8.GetCharCount(utf8, 0, start));
            bytes += id == special[0] ? 0 : tokenizer.Vocabulary.BytesOf(id).Length;
        }

        Assert.Equal(expected, parts.SelectMany(p => p.Logprobs?.TextOffsets ?? []));
        Assert.Equal(Text, string.Concat(parts.Select(p => p.Text)));
        var entries = parts.Where(p => p.Logprobs is not null).SelectMany(p => p.Logprobs!.Content.EnumerateArray()).ToList();
        Assert.Equal(JsonValueKind.Null, entries[1].GetProperty("bytes").ValueKind);
        Assert.Equal(utf8, entries.Where(e => e.GetProperty("bytes").ValueKind == JsonValueKind.Array).SelectMany(e => e.GetProperty("bytes").EnumerateArray().Select(b => b.GetByte())));
    }

    [Fact]
    public void A_form_that_no_token_can_go_on_with_is_known_as_a_dead_end_and_never_becomes_free_text()
    {
        // Compiled for another vocabulary; one of its own would have been refused or escaped.
        var masks = new VocabularyMasks(new Tokenizer(SmallVocabulary.DataWithout("smollm", 0xF1)));
        var grammar = SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>("""{"const":"\ud8c0\udc00"}"""), WritableText.Everything);
        var call = new Call("r", masks.Tokenizer, [], ThinkingStart.None, 0) { Constraint = new TokenConstraint(grammar, masks) };
        var generation = new Generation(call, 0, new Sequence(1, [1], 10, 0, null), new SamplingSettings());
        Assert.False(generation.IsAtDeadEnd());
        generation.Take(new SampledToken(masks.Tokenizer.Vocabulary.Find("\""u8), 0, []));
        Assert.True(generation.IsAtDeadEnd());
        Assert.Null(new Sampler(masks.Tokenizer.Vocabulary.Count).Sample(new float[masks.Tokenizer.Vocabulary.Count], new SamplingSettings(), null, 0, 0, generation.Allowed()));
        Assert.Contains("no token may follow at token 7", ServingFaults.DeadEnd(7).Message, StringComparison.Ordinal);
    }

    private static List<AnswerPart> Run(string text, bool isSingle, out int taken, out int all)
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        List<int> ids = [.. tokenizer.Encode(text, allowSpecial: false)];
        all = ids.Count;
        return Run(tokenizer, ids, new SamplingSettings(), ToolFormat.Tagged, isSingle, out taken);
    }

    private static List<AnswerPart> Run(Tokenizer tokenizer, List<int> ids, SamplingSettings settings, ToolFormat format, bool isSingle, out int taken, params string[] stops)
    {
        var call = new Call("id", tokenizer, stops, ThinkingStart.None, 0) { ToolFormat = format, ToolNames = ["f", "g"], IsSingleCall = isSingle };
        var sequence = new Sequence(1, [1], ids.Count, priority: 0, leader: null);
        var generation = new Generation(call, 0, sequence, settings);
        call.Add(generation);
        taken = 0;
        for (; taken < ids.Count && generation.FinishReason is null; taken++)
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
