using System.Text.Json;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class PatternStoreTests
{
    [Fact]
    public void Equal_patterns_are_compiled_once()
    {
        var store = new PatternStore(WritableText.Everything);
        var first = store.Get("#", "^(?:a?b?){50}$");
        var work = store.Work;
        Assert.Same(first, store.Get("#/properties/a", "^(?:a?b?){50}$"));
        Assert.Equal(work, store.Work);
    }

    [Fact]
    public void The_patterns_of_a_request_have_one_bound_together()
    {
        var store = new PatternStore(WritableText.Everything);
        var fault = Assert.Throws<SchemaFault>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                store.Get($"#/properties/p{i}", $"^{i}(?:a?b?){{90}}$");
            }
        });
        Assert.Contains("#/properties/p4: the request's patterns take too much work to enforce, all together", fault.Message, StringComparison.Ordinal);
        Assert.InRange(store.Work, PatternStore.RequestWorkMax, PatternStore.RequestWorkMax + PatternStore.PatternWorkMax);
    }

    [Fact]
    public void A_schema_and_the_tools_of_a_request_are_held_to_it()
    {
        Assert.Contains("all together", Assert.Throws<SchemaFault>(() => SchemaCompiler.Compile(Patterns(0, 20), WritableText.Everything)).Message, StringComparison.Ordinal);
        var tools = Enumerable.Range(0, 20).Select(i => ($"tool{i}", (JsonElement?)Patterns(i, 1))).ToList();
        Assert.Contains("all together", Assert.Throws<SchemaFault>(() => ConstraintGrammars.ToolCall(tools, WritableText.Everything, "", "arguments", "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_ordinary_patterns_and_one_used_often_are_no_reason_to_refuse()
    {
        var members = Enumerable.Range(0, 200).Select(i => $"\"p{i}\":{{\"type\":\"string\",\"pattern\":\"^[A-Z]{{2}}-[0-9]{{3}}{i}$\"}},\"q{i}\":{{\"type\":\"string\",\"pattern\":\"^(?:a?b?){{90}}$\"}}");
        var items = members.Chunk(100).Select(some => $"{{\"type\":\"object\",\"properties\":{{{string.Join(',', some)}}}}}");
        Assert.NotNull(SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>($"{{\"type\":\"array\",\"items\":false,\"prefixItems\":[{string.Join(',', items)}]}}"), WritableText.Everything));
    }

    private static JsonElement Patterns(int from, int count)
    {
        var members = Enumerable.Range(from, count).Select(i => $"\"p{i}\":{{\"type\":\"string\",\"pattern\":\"^{i}(?:a?b?){{90}}$\"}}");
        return JsonSerializer.Deserialize<JsonElement>($"{{\"type\":\"object\",\"properties\":{{{string.Join(',', members)}}}}}");
    }
}
