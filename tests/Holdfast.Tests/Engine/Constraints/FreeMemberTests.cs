using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class FreeMemberTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    [Theory]
    [InlineData("""{"type":"object","properties":{"name":false},"additionalProperties":{"type":"integer"}}""", """{"nam": 5, "names": 6}""", """{"name": 5}""")]
    [InlineData("""{"type":"object","properties":{"name":false},"additionalProperties":true}""", """{"n": null}""", """{"name": null}""")]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"b":false,"c":{"const":2}},"required":["c"],"additionalProperties":{"const":3}}""", """{"a": 1, "c": 2, "d": 3}""", """{"a": 1, "c": 2, "b": 3}""")]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"ab":false},"additionalProperties":{"const":1}}""", """{"a": 1, "abc": 1}""", """{"a": 1, "ab": 1}""")]
    [InlineData("""{"type":"object","properties":{"name":false}}""", "{}", """{"name": 5}""")]
    public void A_forbidden_member_is_no_free_one(string schema, string good, string bad)
    {
        var constraint = Constraint(JsonSerializer.Deserialize<JsonElement>(schema));
        Assert.True(ConstraintWalk.Accepts(constraint, Small, good), good);
        Assert.False(ConstraintWalk.Accepts(constraint, Small, bad), bad);
    }

    [Fact]
    public void Objects_with_forbidden_and_free_members_stay_valid() =>
        Gen.Select(Gen.Int[0, 2].Array[5], Gen.Int[0, 1000]).Sample((kinds, seed) =>
        {
            string[] names = ["a", "ab", "e", "in", "t"];
            var members = names.Zip(kinds).Where(m => m.Second > 0).Select(m => $"\"{m.First}\":{(m.Second == 1 ? "false" : "{\"type\":\"boolean\"}")}");
            var schema = JsonSerializer.Deserialize<JsonElement>($"{{\"type\":\"object\",\"properties\":{{{string.Join(',', members)}}},\"additionalProperties\":{{\"enum\":[1,2]}}}}");
            var constraint = Constraint(schema);
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed));
            Assert.True(SlowValidator.IsValid(JsonSerializer.Deserialize<JsonElement>(text), schema, schema), $"{text}\n{schema}");
            Assert.All(names.Zip(kinds), m => Assert.Equal(m.Second != 1, ConstraintWalk.Accepts(constraint, Small, $"{{\"{m.First}\": {(m.Second == 2 ? "true" : "1")}}}")));
        }, iter: 300);

    private static TokenConstraint Constraint(JsonElement schema) => new(SchemaCompiler.Compile(schema, WritableText.Everything), Small);
}
