using System.Text.Json;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class VacuousWordsTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    [Theory]
    [InlineData("""{"type":"object","propertyNames":{"type":"string"},"additionalProperties":{"type":"integer"}}""", """{"a": 1}""", """{"a": "b"}""")]
    [InlineData("""{"type":"object","propertyNames":true,"patternProperties":{},"dependencies":{},"dependentRequired":{},"dependentSchemas":{},"properties":{"a":{"const":1}}}""", """{"a": 1}""", """{"a": 2}""")]
    [InlineData("""{"type":"integer","multipleOf":1}""", "12", "12.5")]
    [InlineData("""{"type":["integer","null"],"multipleOf":1.0}""", "null", "12.5")]
    [InlineData("""{"type":"array","contains":{},"minItems":1,"items":{"const":1}}""", "[1]", "[]")]
    [InlineData("""{"type":"array","contains":{"const":7},"minContains":0,"items":{"const":1}}""", "[]", "[7]")]
    [InlineData("""{"type":"array","contains":true,"minContains":2,"minItems":2,"items":{"const":1}}""", "[1, 1]", "[1]")]
    [InlineData("""{"type":"array","minContains":2,"maxContains":3,"items":{"const":1}}""", "[]", "[2]")]
    [InlineData("""{"allOf":[{"type":"boolean"},{"description":"Whether","x-order":1},true]}""", "true", "1")]
    [InlineData("""{"allOf":[{"description":"Whether"},{"type":"boolean"}]}""", "true", "1")]
    [InlineData("""{"type":"boolean","allOf":[{"description":"Whether"}]}""", "true", "1")]
    [InlineData("""{"type":"object","properties":{"a":{"const":1}},"required":["a"],"minProperties":1}""", """{"a": 1}""", "{}")]
    [InlineData("""{"type":"array","items":{"const":1},"uniqueItems":true,"maxItems":1}""", "[1]", "[1, 1]")]
    [InlineData("""{"type":"string","const":"{}","contentMediaType":"application/json","contentEncoding":"utf-8","contentSchema":{"type":"object"}}""", "\"{}\"", "\"[]\"")]
    [InlineData("""{"type":"boolean","externalDocs":{"url":"x"},"xml":{"name":"y"},"example":true,"examples":[1],"deprecated":true,"readOnly":false,"writeOnly":true,"$comment":"c"}""", "true", "1")]
    [InlineData("""{"type":"number","minimum":3,"exclusiveMinimum":false,"maximum":5,"exclusiveMaximum":false}""", "3", "6")]
    [InlineData("""{"type":"integer","minimum":3,"exclusiveMinimum":true,"maximum":5,"exclusiveMaximum":true}""", "4", "3")]
    [InlineData("""{"type":"number","minimum":3,"maximum":5,"exclusiveMaximum":true}""", "3.0", "5.0")]
    [InlineData("""{"type":"number","exclusiveMinimum":false}""", "1e5", "true")]
    public void Keywords_that_forbid_nothing_are_passed_over_and_the_others_hold(string schema, string good, string bad)
    {
        var constraint = Constraint(schema);
        Assert.True(ConstraintWalk.Accepts(constraint, Small, good), good);
        Assert.False(ConstraintWalk.Accepts(constraint, Small, bad), bad);
    }

    [Theory]
    [InlineData("""{"type":"object","propertyNames":{"type":"string","pattern":"^a"}}""", "the keyword 'propertyNames' is not enforced")]
    [InlineData("""{"type":"object","propertyNames":{"type":"integer"}}""", "the keyword 'propertyNames' is not enforced")]
    [InlineData("""{"type":"object","propertyNames":false}""", "the keyword 'propertyNames' is not enforced")]
    [InlineData("""{"type":"object","dependentRequired":{"a":["b"]}}""", "the keyword 'dependentRequired' is not enforced")]
    [InlineData("""{"type":"object","dependencies":[]}""", "the keyword 'dependencies' is not enforced")]
    [InlineData("""{"type":["integer","number"],"multipleOf":1}""", "the keyword 'multipleOf' is not enforced")]
    [InlineData("""{"multipleOf":1}""", "the keyword 'multipleOf' is not enforced")]
    [InlineData("""{"type":"integer","multipleOf":2}""", "the keyword 'multipleOf' is not enforced")]
    [InlineData("""{"type":"array","contains":{}}""", "the keyword 'contains' is not enforced")]
    [InlineData("""{"type":"array","contains":{"const":1},"minItems":1}""", "the keyword 'contains' is not enforced")]
    [InlineData("""{"type":"array","contains":{},"minContains":3,"minItems":2}""", "is not enforced")]
    [InlineData("""{"type":"array","contains":{},"minContains":0,"maxContains":1}""", "is not enforced")]
    [InlineData("""{"type":"array","contains":{},"minContains":-1,"minItems":2}""", "is not enforced")]
    [InlineData("""{"type":"array","uniqueItems":true,"maxItems":2}""", "the keyword 'uniqueItems' is not enforced")]
    [InlineData("""{"type":"object","required":["a","a"],"minProperties":2}""", "the keyword 'minProperties' is not enforced")]
    [InlineData("""{"allOf":[{"type":"string"},false]}""", "'allOf' is enforced only where one of its schemas says something; 0 and 1 do")]
    [InlineData("""{"type":"number","exclusiveMinimum":true}""", "#: 'exclusiveMinimum' is true, and there is no 'minimum' to be open")]
    [InlineData("""{"type":"number","minimum":true}""", "#: 'minimum' must be a number")]
    public void Keywords_that_forbid_something_are_still_refused(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<SchemaFault>(() => Constraint(schema)).Message, StringComparison.Ordinal);

    private static TokenConstraint Constraint(string schema) => new(SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>(schema), WritableText.Everything), Small);
}
