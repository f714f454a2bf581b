using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class BranchCheckTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    private static readonly string[] Parts =
    [
        """{"const":"a"}""", """{"enum":["a","b"]}""", """{"enum":["b",1]}""", """{"const":1.0}""", """{"type":"string"}""", """{"type":["string","null"]}""",
        """{"type":"integer","maximum":5}""", """{"type":["integer","string"],"minimum":6}""", """{"type":"number","exclusiveMinimum":5}""", """{"type":"null"}""", """{"type":"boolean"}""", "{}", "false",
    ];

    private static readonly Gen<string> Object = Gen.Select(
        Gen.Select(Gen.OneOf("kind", "x", "y"), Gen.OneOf(Parts)).Array[0, 3],
        Gen.OneOf("kind", "x", "y").Array[0, 2],
        Gen.OneOf("", ""","additionalProperties":false""", ""","additionalProperties":true""", ""","additionalProperties":{"type":"integer","maximum":5}"""),
        Gen.OneOf("""{"type":"object",""", "{"),
        (members, required, more, head) =>
            $"{head}\"properties\":{{{string.Join(',', members.DistinctBy(m => m.Item1).Select(m => $"\"{m.Item1}\":{m.Item2}"))}}},\"required\":{JsonSerializer.Serialize(required.Distinct())}{more}}}");

    private static readonly Gen<string> Leaf = Gen.Frequency((2, Gen.OneOf(Parts)), (4, Object), (1, Gen.OneOf("""{"$ref":"#/$defs/0"}""", """{"$ref":"#/$defs/1"}""")));

    private static readonly Gen<string> Branch = Gen.Frequency(
        (5, Leaf),
        (1, Leaf.Select(one => $"{{\"allOf\":[{one}]}}")),
        (1, Gen.Select(Leaf, Leaf, (one, other) => $"{{\"anyOf\":[{one},{other}]}}")),
        (1, Gen.Select(Leaf, Leaf, (one, other) => $"{{\"oneOf\":[{one},{other}]}}")));

    [Fact]
    public void Each_text_that_is_written_is_valid_under_one_branch_alone()
    {
        var written = 0;
        Gen.Select(Branch.Array[2, 3], Object.Array[2], Gen.Int[0, 1_000_000]).Sample(
            (branches, defined, seed) =>
            {
                var schema = Parse($"{{\"oneOf\":[{string.Join(',', branches)}],\"$defs\":{{\"0\":{defined[0]},\"1\":{defined[1]}}}}}");
                if (Compile(schema) is not { } grammar)
                {
                    return true;
                }

                Interlocked.Increment(ref written);
                var constraint = new TokenConstraint(grammar, Small);
                return Enumerable.Range(seed, 6).All(run => IsValid(schema, ConstraintWalk.Run(constraint, Small, new Random(run), freeSteps: 15)));
            },
            iter: 3000);
        Assert.True(written > 300, $"{written} were enforced");
    }

    [Theory]
    [InlineData("""{"oneOf":[{"properties":{"kind":{"const":"c","default":"c"},"x":{"type":"integer"}},"required":["x"],"type":"object"},{"properties":{"kind":{"const":"d","default":"d"},"y":{"type":"integer"}},"required":["y"],"type":"object"}]}""", """{"x":1}""", """{"kind":"d","y":1}""")]
    [InlineData("""{"oneOf":[{"type":"object","properties":{"a":{"type":"null"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}]}""", """{"a":null}""", """{"b":null}""")]
    [InlineData("""{"oneOf":[{"enum":["a","b"]},{"type":"null"}]}""", "\"a\"", "null")]
    [InlineData("""{"oneOf":[{"enum":["none","auto"]},{"type":"object","properties":{"n":{"type":"null"}},"required":["n"]}]}""", "\"auto\"", """{"n":null}""")]
    [InlineData("""{"oneOf":[{"allOf":[{"type":"string"}]},{"type":"null"}]}""", "\"x\"", "null")]
    [InlineData("""{"oneOf":[{"oneOf":[{"type":"string"},{"type":"integer"}]},{"anyOf":[{"const":null},{"$ref":"#/$defs/b"}]}],"$defs":{"b":{"type":"boolean"}}}""", "17", "true")]
    [InlineData("""{"oneOf":[{"type":"integer","maximum":5},{"type":["integer","string"],"minimum":6}]}""", "5", "\"x\"")]
    [InlineData("""{"oneOf":[{"properties":{"k":{"anyOf":[{"const":"a"},{"const":"b"}]}},"required":["k"],"type":"object"},{"properties":{"k":{"allOf":[{"$ref":"#/$defs/k"}]}},"required":["k"],"type":"object"}],"$defs":{"k":{"enum":["c","d"]}}}""", """{"k":"b"}""", """{"k":"c"}""")]
    [InlineData("""{"type":"object","properties":{"op":{"oneOf":[{"$ref":"#/$defs/not"},{"$ref":"#/$defs/value"}]}},"required":["op"],"$defs":{"value":{"type":"object","properties":{"v":{"type":"null"}},"required":["v"]},"not":{"type":"object","properties":{"not":{"oneOf":[{"$ref":"#/$defs/not"},{"$ref":"#/$defs/value"}]}},"required":["not"]}}}""", """{"op":{"not":{"v":null}}}""", """{"op":{"v":null}}""")]
    [InlineData("""{"discriminator":{"propertyName":"kind"},"oneOf":[{"$ref":"#/$defs/Cat"},{"$ref":"#/$defs/Dog"}],"$defs":{"Cat":{"properties":{"kind":{"const":"cat","default":"cat"},"x":{"type":"null"}},"required":["x"],"type":"object"},"Dog":{"properties":{"x":{"type":"null"},"kind":{"const":"dog","default":"dog"}},"required":["x"],"type":"object"}}}""", """{"kind":"cat","x":null}""", """{"x":null,"kind":"dog"}""")]
    [InlineData("""{"type":"string","anyOf":[{"enum":["a"]},{"allOf":[{"type":"string","minLength":5}]}]}""", "\"a\"", "\"abcde\"")]
    public void Branches_that_exclude_each_other_by_what_is_written_are_enforced(string source, string one, string other)
    {
        var schema = Parse(source);
        var constraint = new TokenConstraint(SchemaCompiler.Compile(schema, WritableText.Everything), Small);
        foreach (var text in new[] { one, other })
        {
            var end = Small.Tokenizer.Encode(text, allowSpecial: false).Aggregate((ConstraintState?)constraint.Start, (state, id) => state is null ? null : constraint.Advance(state, id));
            Assert.True(end is not null && constraint.IsComplete(end), text);
        }

        for (var seed = 0; seed < 20; seed++)
        {
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed));
            Assert.True(IsValid(schema, text), text);
        }
    }

    [Fact]
    public void The_member_by_which_readers_find_the_branch_is_always_written()
    {
        var schema = Parse("""
            {"type":"object","properties":{"e":{"$ref":"#/$defs/E"}},"required":["e"],"$defs":{
              "E":{"discriminator":{"propertyName":"op"},"oneOf":[{"$ref":"#/$defs/Not"},{"$ref":"#/$defs/Value"}]},
              "Not":{"type":"object","properties":{"op":{"const":"not","default":"not"},"e":{"$ref":"#/$defs/E"}},"required":["e"]},
              "Value":{"type":"object","properties":{"op":{"const":"value","default":"value"},"e":{"type":"boolean"}},"required":["e"]}}}
            """);
        var constraint = new TokenConstraint(SchemaCompiler.Compile(schema, WritableText.Everything), Small);
        for (var seed = 0; seed < 40; seed++)
        {
            var at = Parse(ConstraintWalk.Run(constraint, Small, new Random(seed), freeSteps: 20));
            while (at.GetProperty("e") is { ValueKind: JsonValueKind.Object } inner)
            {
                Assert.Equal(inner.GetProperty("e").ValueKind == JsonValueKind.Object ? "not" : "value", inner.GetProperty("op").GetString());
                at = inner;
            }
        }
    }

    [Theory]
    [InlineData("""{"oneOf":[{"properties":{"kind":{"const":"c"},"x":{"type":"integer"}},"required":["x"],"type":"object"},{"properties":{"kind":{"const":"d"},"x":{"type":"integer"}},"required":["x"],"type":"object"}]}""")]
    [InlineData("""{"oneOf":[{"type":"object","additionalProperties":true},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}]}""")]
    [InlineData("""{"oneOf":[{"type":"object","additionalProperties":{"type":"null"}},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}]}""")]
    [InlineData("""{"oneOf":[{"type":"object","additionalProperties":{"type":"integer"}},{"type":"object","properties":{"b":{"minLength":3}},"required":["b"]}]}""")]
    [InlineData("""{"oneOf":[{"type":"object","properties":{"a":{"type":"null"}}},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}]}""")]
    public void Branches_under_which_one_text_may_be_valid_are_refused(string schema) =>
        Assert.Contains("#: 'oneOf' is enforced only where the branches exclude each other; 0 and 1 may not (use 'anyOf')", Assert.Throws<SchemaFault>(() => SchemaCompiler.Compile(Parse(schema), WritableText.Everything)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(60, 1000)]
    [InlineData(128, 1000)]
    [InlineData(12, 30_000)]
    public void The_constants_of_one_place_are_read_once_for_all_branches(int branches, int constants)
    {
        var big = string.Join(',', Enumerable.Range(0, constants));
        var work = Work(Tagged(branches, big, i => $"\"t\":{{\"const\":{i}}}"));
        Assert.InRange(work, 1, (long)(4 * big.Length) + (20 * branches * branches));
    }

    [Fact]
    public void Branches_of_a_request_that_take_too_much_work_to_tell_apart_are_refused_by_name()
    {
        var branches = string.Join(',', Enumerable.Range(0, 128).Select(i => $"\"b{i}\":{{\"type\":\"object\",\"properties\":{{\"t\":{{\"minimum\":{i},\"maximum\":{i}}}}},\"required\":[\"t\"]}}"));
        var choice = string.Join(',', Enumerable.Range(0, 128).Select(i => $"{{\"$ref\":\"#/$defs/b{i}\"}}"));
        var members = Enumerable.Range(0, 60).Select(i => $"\"p{i}\":{{\"oneOf\":[{choice}]}}");
        var fault = Assert.Throws<SchemaFault>(() => Work($"{{\"type\":\"object\",\"properties\":{{{string.Join(',', members)}}},\"$defs\":{{{branches}}}}}"));
        Assert.Contains("the branches of the request's choices take too much work to tell apart, all together", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("#/properties/p", fault.Message, StringComparison.Ordinal);
    }

    private static string Tagged(int branches, string constants, Func<int, string> tag)
    {
        var list = Enumerable.Range(0, branches).Select(i => $"{{\"type\":\"object\",\"properties\":{{\"x\":{{\"$ref\":\"#/$defs/Big\"}},{tag(i)}}},\"required\":[\"x\",\"t\"]}}");
        return $"{{\"oneOf\":[{string.Join(',', list)}],\"$defs\":{{\"Big\":{{\"enum\":[{constants}]}}}}}}";
    }

    private static long Work(string schema)
    {
        var spent = 0L;
        SchemaCompiler.Compile(Parse(schema), WritableText.Everything, (compiler, root) =>
        {
            spent = compiler.BranchWork.Spent;
            return root;
        });
        return spent;
    }

    private static ConstraintGrammar? Compile(JsonElement schema)
    {
        try
        {
            return SchemaCompiler.Compile(schema, WritableText.Everything);
        }
        catch (SchemaFault)
        {
            return null;
        }
    }

    private static bool IsValid(JsonElement schema, string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 70 });
        return SlowValidator.IsValid(document.RootElement, schema, schema);
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
