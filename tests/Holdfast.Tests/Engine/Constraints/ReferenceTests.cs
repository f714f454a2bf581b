using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class ReferenceTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    [Theory]
    [InlineData(22)]
    [InlineData(1000)]
    public void A_chain_of_models_is_no_nesting_of_the_schema(int count)
    {
        // What Pydantic writes of "items: Optional[list[Next]]".
        var models = Enumerable.Range(0, count).Select(i =>
            $$$"""{"M{{{i}}}":{"type":"object","properties":{"items":{"anyOf":[{"items":{"$ref":"#/$defs/M{{{i + 1}}}"},"type":"array"},{"type":"null"}]}},"required":["items"]}}""");
        var schema = Defined("M0", models.Append($$$"""{"M{{{count}}}":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}}"""));
        AssertWalksAreValid(schema);
        Assert.True(ConstraintWalk.Accepts(Constraint(schema), Small, """{"items": [{"items": [{"items": null}]}, {"items": null}]}"""));
    }

    [Fact]
    public void Models_that_all_refer_to_each_other_are_no_nesting_either()
    {
        var union = string.Join(',', Enumerable.Range(0, 33).Select(i => $$"""{"$ref":"#/$defs/N{{i}}"}"""));
        var nodes = Enumerable.Range(0, 33).Select(i =>
            $$$"""{"N{{{i}}}":{"type":"object","properties":{"kind":{"const":"n{{{i}}}"},"left":{"oneOf":[{{{union}}}]},"next":{"anyOf":[{"$ref":"#/$defs/N{{{(i + 1) % 33}}}"},{"type":"null"}]}},"required":["kind"],"additionalProperties":false}}""");
        AssertWalksAreValid(Defined("N0", nodes));
    }

    [Fact]
    public void The_schemas_own_nesting_is_bounded()
    {
        var schema = string.Concat(Enumerable.Repeat("""{"items":""", 70)) + "{}" + new string('}', 70);
        var fault = Assert.Throws<SchemaFault>(() => SchemaCompiler.Compile(JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 200 }).RootElement, WritableText.Everything));
        Assert.Contains("/items: schemas are nested more than 64 deep", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3000)]
    public void References_in_a_circle_are_refused_by_name(int count)
    {
        var schema = Defined("A0", Enumerable.Range(0, count).Select(i => $$$"""{"A{{{i}}}":{"$ref":"#/$defs/A{{{(i + 1) % count}}}"}}"""));
        Assert.Contains("a choice that contains itself", Assert.Throws<SchemaFault>(() => Constraint(schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_bare_references_leads_to_its_end()
    {
        var schema = Defined("A0", Enumerable.Range(0, 3000).Select(i => $$$"""{"A{{{i}}}":{"$ref":"#/$defs/A{{{i + 1}}}"}}""").Append("""{"A3000":{"const":7}}"""));
        Assert.True(ConstraintWalk.Accepts(Constraint(schema), Small, "7"));
    }

    [Fact]
    public void Constants_behind_references_are_one_branch()
    {
        var enums = Enumerable.Range(0, 100).Select(i => $$$"""{"E{{{i}}}":{"enum":["a{{{i % 7}}}","b{{{i}}}"]}}""");
        var branches = string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"$ref":"#/$defs/E{{i}}"}"""));
        var union = $$$"""{"U":{"type":"array","items":{"anyOf":[{{{branches}}}]},"minItems":2}}""";
        var schema = Defined("U", enums.Prepend(union));
        var grammar = SchemaCompiler.Compile(schema, WritableText.Everything);
        var array = Assert.IsType<SchemaNode.ArrayOf>(grammar.Nodes[grammar.Root]);
        Assert.Equal(107, Assert.IsType<SchemaNode.Literals>(grammar.Nodes[array.Item]).Texts.Count);
        AssertWalksAreValid(schema);
    }

    [Fact]
    public void Definitions_in_any_order_mean_the_same() =>
        Gen.Select(Gen.Shuffle(Enumerable.Range(0, 8).ToArray()), Gen.Int[0, 7].Array[8], Gen.Int[0, 1000]).Sample((order, targets, seed) =>
        {
            var models = order.Select(i => $$$"""{"D{{{i}}}":{"anyOf":[{"const":{{{i}}}},{"type":"object","properties":{"d":{"$ref":"#/$defs/D{{{targets[i]}}}"}},"required":["d"],"additionalProperties":false}]}}""");
            var constraint = Constraint(Defined("D0", models));
            var text = "0";
            for (var (at, depth) = (0, 0); depth < seed % 10; depth++)
            {
                at = targets[at];
                text = $"{string.Concat(Enumerable.Repeat("{\"d\": ", depth + 1))}{at}{new string('}', depth + 1)}";
                Assert.True(ConstraintWalk.Accepts(constraint, Small, text), text);
            }

            Assert.False(ConstraintWalk.Accepts(constraint, Small, text.Replace("{", "[", StringComparison.Ordinal) + "9"));
        }, iter: 200);

    private static JsonElement Defined(string root, IEnumerable<string> definitions) =>
        JsonSerializer.Deserialize<JsonElement>($$$"""{"$ref":"#/$defs/{{{root}}}","$defs":{{{{string.Join(',', definitions.Select(d => d[1..^1]))}}}}}""");

    private static void AssertWalksAreValid(JsonElement schema)
    {
        var constraint = Constraint(schema);
        for (var seed = 0; seed < 5; seed++)
        {
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed));
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 70 });
            Assert.True(SlowValidator.IsValid(document.RootElement, schema, schema), text);
        }
    }

    private static TokenConstraint Constraint(JsonElement schema) => new(SchemaCompiler.Compile(schema, WritableText.Everything), Small);
}
