using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

/// <summary>What many ways to read one text cost, how many there may be, and that none of them is lost.</summary>
public sealed class NodeWidthsTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    // No mask is found in the cache: each token pays for its own.
    private static readonly VocabularyMasks Uncached = new(Small.Tokenizer, cacheBytesMax: 1);

    public static TheoryData<string, string> Dear => new()
    {
        { AnyOf(128, i => $$"""{"type":"string","minLength":{{i}},"maxLength":{{1000 + i}}}"""), $"\"{new string('a', 60)} and so on{new string('b', 80)}\"" },
        { AnyOf(69, i => $$$"""{"type":"object","additionalProperties":{"type":"string","maxLength":{{{i}}}}}"""), """{"one": "a text of some length", "two":"another one, longer than that"}""" },
        { AnyOf(128, i => $$$"""{"type":"object","properties":{"a":{"type":"string"},"x{{{i}}}":{"const":{{{i}}}}},"required":["a"]}"""), """{"a": "a text of some length", "x77":77}""" },
        { AnyOf(128, i => $$$"""{"type":"array","items":{"type":"number","maximum":{{{i}}}.5}}"""), "[1, 2.5, 117]" },
    };

    [Theory]
    [MemberData(nameof(Dear))]
    public void Many_branches_at_once_cost_a_token_little_more_than_one(string schema, string text)
    {
        var constraint = Constraint(schema, Uncached);
        var mask = new ulong[constraint.MaskWords];
        var state = constraint.Start;
        foreach (var id in Small.Tokenizer.Encode(text, allowSpecial: false))
        {
            var before = constraint.Work;
            constraint.Mask(state, mask);
            constraint.Forced(state);
            state = constraint.Advance(state, id);
            Assert.NotNull(state);
            Assert.InRange(constraint.Work - before, 1, 1000L * NodeWidths.CostMax / 2);
        }

        Assert.True(constraint.IsComplete(state));
    }

    [Fact]
    public void Branches_that_nothing_tells_apart_are_refused_before_they_are_too_many()
    {
        var patterns = AnyOf(128, i => $$"""{"type":"string","pattern":"^[a-z]{1,{{i + 1}}}$"}""");
        Assert.Contains("in too many ways at once (128 at one place, which costs 3584 of 400)", Fault(patterns), StringComparison.Ordinal);
        var arrays = AnyOf(21, i => $$"""{"type":"array","minItems":{{i}},"items":{{AnyOf(20, k => $$"""{"type":"string","maxLength":{{k}}}""")}}}""");
        Assert.Contains("in too many ways at once (420 at one place, which costs 420 of 400)", Fault(arrays), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"array","items":{"$ref":"#"},"maxItems":1},{"type":"array","items":{"$ref":"#"},"maxItems":2}]}""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","properties":{"l":{"$ref":"#"},"op":{"const":"+"}}},{"type":"object","properties":{"l":{"$ref":"#"},"op":{"const":"-"}}}]}""")]
    public void Branches_that_multiply_with_every_container_inside_are_refused(string schema) =>
        Assert.Contains("a constant that tells the branches", Fault(schema), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","properties":{"op":{"const":"+"},"l":{"$ref":"#"}},"required":["op","l"]},{"type":"object","properties":{"op":{"enum":["-","*"]},"l":{"$ref":"#"},"r":{"$ref":"#"}},"required":["op"]}]}""", """{"op":"+","l":{"op":"*","r":{"op":"-","l":null}}}""")]
    [InlineData("""{"anyOf":[{"type":"number"},{"type":"object","properties":{"add":{"type":"array","items":{"$ref":"#"}}},"required":["add"]},{"type":"object","properties":{"neg":{"$ref":"#"}},"required":["neg"]}]}""", """{"add":[1,{"neg":{"add":[2,{"neg":3}]}}]}""")]
    [InlineData("""{"anyOf":[{"type":"number"},{"type":"array","prefixItems":[{"const":"+"},{"$ref":"#"},{"$ref":"#"}],"items":false,"minItems":3},{"type":"array","prefixItems":[{"const":"-"},{"$ref":"#"}],"items":false,"minItems":2}]}""", """["+",["-",["+",1,2]],["-",3]]""")]
    public void Branches_that_a_tag_tells_apart_may_hold_themselves(string schema, string text) => AssertAccepted(schema, text);

    [Fact]
    public void As_many_tools_as_a_choice_takes_may_have_free_arguments()
    {
        var any = JsonSerializer.Deserialize<JsonElement>("""{"type":"object","additionalProperties":true}""");
        var grammar = ConstraintGrammars.ToolCall([.. Enumerable.Range(0, 128).Select(i => ($"tool{i}", (JsonElement?)any))], WritableText.Everything, "", "arguments", "");
        var constraint = new TokenConstraint(grammar, Small);
        var state = constraint.AdvanceText(constraint.Start, """{"name": "tool127", "arguments": {"a": [1]}}""");
        Assert.True(state is not null && constraint.IsComplete(state));
    }

    [Fact]
    public void No_branch_is_lost_however_many_there_are()
    {
        // Arrays of arrays of small values: the first bytes leave all branches open.
        var value = Gen.Int[0, 30].Select(i => $"\"{(char)('a' + (i % 3))}{i}\"");
        var values = value.Array[1, 24].Select(v => v.Distinct().ToArray());
        Gen.Select(values, Gen.Int[1, 3]).Array[1, 24].Sample(arrays =>
        {
            var schema = AnyOf(arrays.Length, i => $$"""{"type":"array","items":{"anyOf":[{{string.Join(',', arrays[i].Item1.Select(c => $$"""{"const":{{c}}}"""))}}]},"minItems":{{arrays[i].Item2}},"maxItems":{{arrays[i].Item2}}}""");
            var constraint = Constraint(schema, Small);
            var parsed = JsonSerializer.Deserialize<JsonElement>(schema);
            for (var i = 0; i <= 30; i++)
            {
                for (var count = 1; count <= 3; count++)
                {
                    var text = $"[{string.Join(',', Enumerable.Repeat($"\"{(char)('a' + (i % 3))}{i}\"", count))}]";
                    var isValid = SlowValidator.IsValid(JsonSerializer.Deserialize<JsonElement>(text), parsed, parsed);
                    Assert.Equal(isValid, constraint.AdvanceText(constraint.Start, text) is { } state && constraint.IsComplete(state));
                }
            }
        }, iter: 60, threads: 1);
    }

    [Fact]
    public void What_is_accepted_costs_no_token_more_than_the_bound()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[20, 128]).Sample((seed, count) =>
        {
            var random = new Random(seed);
            var branches = new RandomSchema(random);
            TokenConstraint constraint;
            try
            {
                constraint = Constraint(AnyOf(count, _ => branches.Next(2).ToJsonString()), Uncached);
            }
            catch (SchemaFault fault)
            {
                Assert.Contains("too many", fault.Message, StringComparison.Ordinal);
                return;
            }

            var mask = new ulong[constraint.MaskWords];
            var state = constraint.Start;
            for (var step = 0; step < 30 && !state.IsEnded; step++)
            {
                var before = constraint.Work;
                constraint.Mask(state, mask);
                constraint.Forced(state);
                var allowed = ConstraintWalk.Bits(mask);
                state = constraint.Advance(state, allowed[random.Next(allowed.Count)])!;
                Assert.InRange(constraint.Work - before, 1, 1000L * NodeWidths.CostMax);
            }
        }, iter: 60, threads: 1);
    }

    private static string AnyOf(int count, Func<int, string> branch) => $"{{\"anyOf\":[{string.Join(',', Enumerable.Range(0, count).Select(branch))}]}}";

    private static TokenConstraint Constraint(string schema, VocabularyMasks masks) => new(SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>(schema), WritableText.Everything), masks);

    private static string Fault(string schema) => Assert.Throws<SchemaFault>(() => Constraint(schema, Small)).Message;

    private static void AssertAccepted(string schema, string text)
    {
        var constraint = Constraint(schema, Small);
        Assert.True(constraint.AdvanceText(constraint.Start, text) is { } state && constraint.IsComplete(state), text);
    }
}
