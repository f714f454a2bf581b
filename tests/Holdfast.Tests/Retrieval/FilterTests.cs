using System.Globalization;
using System.Text.Json;
using Holdfast.Retrieval;

namespace Holdfast.Tests.Retrieval;

public sealed class FilterTests
{
    [Theory]
    [InlineData("""{"type":"eq","key":"team","value":"ops"}""", "a")]
    [InlineData("""{"type":"ne","key":"team","value":"ops"}""", "b c")]
    [InlineData("""{"type":"gt","key":"level","value":1}""", "b")]
    [InlineData("""{"type":"gte","key":"level","value":1}""", "a b")]
    [InlineData("""{"type":"lt","key":"level","value":2.5}""", "a b")]
    [InlineData("""{"type":"lte","key":"level","value":1}""", "a")]
    [InlineData("""{"type":"eq","key":"level","value":"1"}""", "")]
    [InlineData("""{"type":"eq","key":"draft","value":true}""", "a")]
    [InlineData("""{"type":"eq","key":"draft","value":false}""", "b")]
    [InlineData("""{"type":"in","key":"team","value":["ops","dev",3]}""", "a b")]
    [InlineData("""{"type":"nin","key":"team","value":["ops","dev"]}""", "c")]
    [InlineData("""{"type":"gte","key":"team","value":"e"}""", "a")]
    [InlineData("""{"type":"eq","key":"path","value":"c"}""", "c")]
    [InlineData("""{"type":"ne","key":"path","value":7}""", "a b c")]
    [InlineData("""{"type":"eq","key":"media_type","value":"text/plain"}""", "a b c")]
    [InlineData("""{"type":"gte","key":"added_at","value":1772366400}""", "a b c")]
    [InlineData("""{"type":"gt","key":"added_at","value":1772366400}""", "")]
    [InlineData("""{"type":"ne","key":"page","value":1}""", "a b c")]
    [InlineData("""{"type":"or","filters":[{"type":"eq","key":"team","value":"ops"},{"type":"and","filters":[{"type":"gt","key":"level","value":1},{"type":"eq","key":"draft","value":false}]}]}""", "a b")]
    [InlineData("""{"type":"eq","key":"te'am\" OR 1=1 --","value":"') OR 1=1 --"}""", "")]
    public async Task A_filter_lets_its_documents_through(string filter, string paths)
    {
        using var test = Three();

        var result = await test.SearchAsync("pump", filter);

        Assert.Null(result.Fault);
        Assert.Equal(paths, string.Join(' ', result.Passages.Select(passage => passage.Document).Order(StringComparer.Ordinal)));
        Assert.StartsWith("filter, then term index", result.Explain!.Plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[]""", "filters", "must be an object with a type")]
    [InlineData("""{"key":"a"}""", "filters.type", "must be one of and, or, eq, ne")]
    [InlineData("""{"type":"like","key":"a","value":"b"}""", "filters.type", "is 'like'; it must be one of")]
    [InlineData("""{"type":"eq","value":"b"}""", "filters.key", "must be the name of an attribute")]
    [InlineData("""{"type":"eq","key":"a"}""", "filters.value", "is missing")]
    [InlineData("""{"type":"eq","key":"a","value":null}""", "filters.value", "must be a string, a number or a boolean")]
    [InlineData("""{"type":"eq","key":"a","value":1e999}""", "filters.value", "must be a string, a number or a boolean")]
    [InlineData("""{"type":"gt","key":"a","value":true}""", "filters.value", "must be a string or a number for gt")]
    [InlineData("""{"type":"in","key":"a","value":"b"}""", "filters.value", "must be a list of 1 to 256 values")]
    [InlineData("""{"type":"in","key":"a","value":["b",{}]}""", "filters.value[1]", "must be a string, a number or a boolean")]
    [InlineData("""{"type":"and","filters":[]}""", "filters.filters", "must be a list of at least one filter")]
    [InlineData("""{"type":"eq","key":"a","value":1,"boost":2}""", "filters.boost", "is unknown here")]
    [InlineData("""{"type":"and","filters":[{"type":"eq","key":"a","value":1},{"type":"eq","key":7,"value":1}]}""", "filters.filters[1].key", "must be the name of an attribute")]
    public async Task A_bad_filter_names_the_place(string filter, string place, string says)
    {
        using var test = Three();

        var fault = (await test.SearchAsync("pump", filter)).Fault;

        Assert.NotNull(fault);
        Assert.False(fault.IsUnknownCollection);
        Assert.Equal(place, fault.Param);
        Assert.StartsWith($"{place} {says}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_beyond_its_bounds_is_refused_by_the_name_of_the_bound()
    {
        using var test = Three();
        var leaf = """{"type":"eq","key":"a","value":1}""";
        var deep = string.Concat(Enumerable.Repeat("""{"type":"and","filters":[""", 8)) + leaf + string.Concat(Enumerable.Repeat("]}", 8));
        var wide = $$"""{"type":"or","filters":[{{string.Join(',', Enumerable.Repeat(leaf, 65))}}]}""";

        Assert.Contains("retrieval.filterDepthMax", (await test.SearchAsync("pump", deep)).Fault!.Message, StringComparison.Ordinal);
        Assert.Contains("retrieval.filterConditionsMax", (await test.SearchAsync("pump", wide)).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_works_before_the_ranking()
    {
        using var test = new TestStore(new RetrievalOptions { CandidatesMax = 100 });
        test.Put([.. Enumerable.Range(0, 300).Select(number => TestStore.Document($"{number}.txt", "pump pump pump", ("kind", "noise")))]);
        test.Put(TestStore.Document("wanted.txt", "A long text that says many other things and only once the word pump.", ("kind", "wanted")));

        var result = await test.SearchAsync("pump", """{"type":"eq","key":"kind","value":"wanted"}""", topK: 3);

        Assert.Equal("wanted.txt", Assert.Single(result.Passages).Document);
        Assert.Equal(1, result.Explain!.Matches);
    }

    [Fact]
    public async Task Any_filter_lets_through_what_the_obvious_reading_lets_through()
    {
        var random = new Random(4711);
        using var test = new TestStore();
        var documents = Enumerable.Range(0, 40).Select(number => (Path: $"{number}.txt", Attributes: Some(random))).ToArray();
        test.Put([.. documents.Select(document => TestStore.Document(document.Path, "pump", document.Attributes))]);

        for (var round = 0; round < 300; round++)
        {
            var filter = Make(random, 3);
            var expected = documents.Where(document => Passes(JsonDocument.Parse(filter).RootElement, document.Attributes)).Select(document => document.Path);
            var result = await test.SearchAsync("pump", filter, topK: 100);
            Assert.True(expected.ToHashSet().SetEquals(result.Passages.Select(passage => passage.Document)), $"seed 4711, round {round}: {filter}");
        }
    }

    private static TestStore Three()
    {
        var test = new TestStore();
        test.Put(
            TestStore.Document("a", "The pump.", ("team", "ops"), ("level", 1d), ("draft", true)),
            TestStore.Document("b", "The pump.", ("team", "dev"), ("level", 2d), ("draft", false)),
            TestStore.Document("c", "The pump."));
        return test;
    }

    private static (string, object)[] Some(Random random)
    {
        var attributes = new List<(string, object)>();
        foreach (var key in new[] { "x", "y" })
        {
            switch (random.Next(4))
            {
                case 0: attributes.Add((key, (double)random.Next(3))); break;
                case 1: attributes.Add((key, random.Next(3).ToString(CultureInfo.InvariantCulture))); break;
                case 2: attributes.Add((key, random.Next(2) == 0)); break;
                default: break;
            }
        }

        return [.. attributes];
    }

    private static string Make(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var children = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(random, depth - 1));
            return $$"""{"type":"{{(random.Next(2) == 0 ? "and" : "or")}}","filters":[{{string.Join(',', children)}}]}""";
        }

        string[] types = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"];
        var type = types[random.Next(types.Length)];
        var value = type is "in" or "nin" ? $"[{Value(random, 3)},{Value(random, 3)}]" : Value(random, type is "eq" or "ne" ? 3 : 2);
        return $$"""{"type":"{{type}}","key":"{{(random.Next(2) == 0 ? "x" : "y")}}","value":{{value}}}""";
    }

    private static string Value(Random random, int kinds) => random.Next(kinds) switch
    {
        0 => random.Next(3).ToString(CultureInfo.InvariantCulture),
        1 => $"\"{random.Next(3)}\"",
        _ => random.Next(2) == 0 ? "true" : "false",
    };

    // The slow twin: reads the filter as the API's documentation does.
    private static bool Passes(JsonElement filter, (string Key, object Value)[] attributes)
    {
        var type = filter.GetProperty("type").GetString()!;
        if (type is "and" or "or")
        {
            var children = filter.GetProperty("filters").EnumerateArray().Select(child => Passes(child, attributes)).ToArray();
            return type == "and" ? children.All(passes => passes) : children.Any(passes => passes);
        }

        var value = filter.GetProperty("value");
        var own = attributes.FirstOrDefault(pair => pair.Key == filter.GetProperty("key").GetString()).Value;
        return type switch
        {
            "ne" or "nin" => !Holds(own, "eq", value),
            _ => Holds(own, type is "in" ? "eq" : type, value),
        };
    }

    private static bool Holds(object? own, string type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Any(one => Holds(own, type, one));
        }

        int? order = (own, value.ValueKind) switch
        {
            (double number, JsonValueKind.Number) => number.CompareTo(value.GetDouble()),
            (string text, JsonValueKind.String) => string.CompareOrdinal(text, value.GetString()),
            (bool flag, JsonValueKind.True or JsonValueKind.False) => flag.CompareTo(value.GetBoolean()),
            _ => null,
        };
        return order is { } sign && type switch { "eq" => sign == 0, "gt" => sign > 0, "gte" => sign >= 0, "lt" => sign < 0, _ => sign <= 0 };
    }
}
