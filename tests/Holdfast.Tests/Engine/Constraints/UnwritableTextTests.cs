using System.Text.Json;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

/// <summary>Schemas that speak of text for which the vocabulary has no bytes. SmolLM2's lacks F1 and F2: all from U+40000 to U+BFFFF.</summary>
public sealed class UnwritableTextTests
{
    private static readonly VocabularyMasks Gapped = Without(0x04, 0xF1, 0xF2);

    [Theory]
    [InlineData("""{"const":"\ud8c0\udc00"}""", "\"\\ud8c0\\udc00\"")]
    [InlineData("""{"const":"a\ud8c0\udc00é"}""", "\"a\\ud8c0\\udc00é\"")]
    [InlineData("""{"enum":[["\ud8c0\udc00",{"\ud8c0\udc00":1}]]}""", "[\"\\ud8c0\\udc00\",{\"\\ud8c0\\udc00\":1}]")]
    [InlineData("""{"type":"object","required":["\ud8c0\udc00"],"properties":{"\ud8c0\udc00":{"type":"null"}}}""", null)]
    [InlineData("""{"type":"object","required":["\ud8c0\udc00"],"additionalProperties":{"type":"null"}}""", null)]
    public void What_a_schema_demands_literally_is_written_with_an_escape(string source, string? text)
    {
        var schema = Parse(source);
        for (var seed = 0; seed < 10; seed++)
        {
            var written = Walk(schema, seed);
            Assert.Equal(text ?? written, written);
            Assert.Contains("\\ud8c0\\udc00", written, StringComparison.Ordinal);
            AssertValid(schema, written);
        }
    }

    [Fact]
    public void A_forced_call_of_a_tool_with_such_a_name_and_member_is_read_back()
    {
        const string Tools = """[{"type":"function","function":{"name":"f\ud8c0\udc00","parameters":{"type":"object","required":["\ud8c0\udc00"],"properties":{"\ud8c0\udc00":{"const":"\u0004"}}}}}]""";
        var request = new ChatRequest { Messages = [new() { Role = "user", Text = "u" }], Tools = Parse(Tools), ToolChoice = Parse("\"required\"") };
        foreach (var format in new[] { ToolFormat.None, ToolFormat.Tagged, ToolFormat.LlamaJson })
        {
            var form = AnswerForms.Of(request, format, Gapped.Tokenizer.Writable);
            Assert.Null(form.Fault);
            var text = ConstraintWalk.Run(new TokenConstraint(form.Grammar!, Gapped), Gapped, new Random(3));
            var (_, calls) = new ToolCallReader(form.Calls, isForced: true, form.ToolNames, i => $"c{i}").Take(text, isLast: true);
            Assert.Equal("f\U00040000", calls[0].Name);
            Assert.Equal("\u0004", Parse(string.Concat(calls.Select(c => c.Arguments))).GetProperty("\U00040000").GetString());
        }
    }

    [Theory]
    [InlineData("""^\ud8c0\udc00{2,3}$""")]
    [InlineData("""^[\ud8c0\udc00-\ud8c0\udc10]+$""")]
    [InlineData("""^a\ud8c0\udc00""")]
    public void A_pattern_that_only_such_text_matches_is_refused(string pattern)
    {
        var fault = Assert.Throws<SchemaFault>(() => Compile(Parse($$"""{"type":"string","pattern":"{{pattern}}"}"""), Gapped));
        Assert.StartsWith("#: 'pattern' matches no text that can be written with this model's vocabulary: ^", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_of_a_pattern_keeps_what_can_be_written()
    {
        var schema = Parse("""{"type":"string","pattern":"^[\ud8bf\udffe-\ud8c0\udc10]{1,4}$"}""");
        var texts = Enumerable.Range(0, 20).Select(seed => Parse(Walk(schema, seed)).GetString()!).ToList();
        Assert.All(texts.SelectMany(t => t.EnumerateRunes()), rune => Assert.InRange(rune.Value, 0x3FFFE, 0x3FFFF));
    }

    [Fact]
    public void Whatever_bytes_a_vocabulary_lacks_a_schema_is_refused_or_every_walk_ends_in_a_valid_text()
    {
        var texts = Gen.OneOf(new[] { "a", "é", "東", "😀", "\U00040000", "\U0010FFFF", "\u0080", "\u07FF", "\uFFFD" }.Select(Gen.Const).ToArray()).Array[1, 3].Select(string.Concat);
        var ranges = Gen.OneOf(new[] { "[a-é]", "[\u0080-\u07FF]", "[\u0800-\uD7FF]", "[\U00010000-\U0010FFFF]", "[^a]", "." }.Select(Gen.Const).ToArray());
        var missing = Gen.Select(Gen.Byte[0x80, 0xF4].Array[0, 8], Gen.Byte[0x80, 0xF4], Gen.Byte[0, 0x74])
            .Select((some, from, count) => some.Concat(Enumerable.Range(from, Math.Min(count, 0xF5 - from)).Select(b => (byte)b)).Distinct().ToArray());
        Gen.Select(missing, texts, texts, ranges, Gen.Int).Sample(
            (bytes, constant, key, range, seed) =>
            {
                var masks = Without(bytes);
                foreach (var schema in Schemas(constant, key, range))
                {
                    try
                    {
                        var grammar = Compile(schema, masks);
                        ConstraintWalk.AssertExact(new TokenConstraint(grammar, masks), masks, new Random(seed), steps: 6, $"{schema}");
                        var text = ConstraintWalk.Run(new TokenConstraint(grammar, masks), masks, new Random(seed));
                        if (schema.TryGetProperty("pattern", out _))
                        {
                            // Regex of the runtime counts units, not characters.
                            var whole = new TokenConstraint(SchemaCompiler.Compile(schema, WritableText.Everything), masks);
                            Assert.True(whole.AdvanceText(whole.Start, text) is { } state && whole.IsComplete(state), text);
                        }
                        else
                        {
                            AssertValid(schema, text);
                        }
                    }
                    catch (SchemaFault fault)
                    {
                        Assert.Contains("vocabulary", fault.Message, StringComparison.Ordinal);
                    }
                }
            },
            iter: 100);
    }

    [Fact]
    public void A_vocabulary_without_byte_tokens_writes_the_characters_that_are_tokens()
    {
        var data = SmallVocabulary.DataWithout("smollm", [.. Enumerable.Range(0x80, 0x75).Select(b => (byte)b)]);
        data = data with { Tokens = [.. data.Tokens, "Ã©"], Types = [.. data.Types, (int)TokenKind.Normal] };
        var masks = new VocabularyMasks(new Tokenizer(data));
        var schema = Parse("""{"type":"array","prefixItems":[{"const":"éß"},{"type":"string","pattern":"^[é-ü]{3}$"},{"type":"string","maxLength":3}],"minItems":3,"maxItems":3}""");
        for (var seed = 0; seed < 10; seed++)
        {
            var constraint = new TokenConstraint(Compile(schema, masks), masks);
            ConstraintWalk.AssertExact(constraint, masks, new Random(seed), steps: 20, "characters");
            Assert.StartsWith("[\"é\\u00df\",\"ééé\",\"", ConstraintWalk.Run(constraint, masks, new Random(seed)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{", """{"type":"boolean"}""", "this model's vocabulary has no token for '{', which \"\\{}[]:,-.0123456789abcdefghijklmnopqrstuvwxyz needs")]
    [InlineData("E", """{"const":1E5}""", "this model's vocabulary has no token for 'E', which 1E5 needs")]
    public void A_vocabulary_that_cannot_write_the_JSON_is_refused(string missing, string schema, string message) =>
        Assert.Equal(message, Assert.Throws<SchemaFault>(() => Compile(Parse(schema), Without((byte)missing[0]))).Message);

    private static IEnumerable<JsonElement> Schemas(string constant, string key, string range) =>
    [
        JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["const"] = constant }),
        JsonSerializer.SerializeToElement(new { type = "string", pattern = $"^{range}{{1,3}}b?$" }),
        JsonSerializer.SerializeToElement(new { type = "string", minLength = 2, maxLength = 4 }),
        JsonSerializer.SerializeToElement(new { type = "object", required = new[] { key }, properties = new Dictionary<string, object> { [key] = new { type = "string", maxLength = 3 } } }),
        JsonSerializer.SerializeToElement(new { type = "object", additionalProperties = new { type = "boolean" } }),
    ];

    private static VocabularyMasks Without(params byte[] bytes) => new(new Tokenizer(SmallVocabulary.DataWithout("smollm", bytes)));

    private static ConstraintGrammar Compile(JsonElement schema, VocabularyMasks masks) => SchemaCompiler.Compile(schema, masks.Tokenizer.Writable);

    private static string Walk(JsonElement schema, int seed) => ConstraintWalk.Run(new TokenConstraint(Compile(schema, Gapped), Gapped), Gapped, new Random(seed));

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static void AssertValid(JsonElement schema, string text) => Assert.True(SlowValidator.IsValid(Parse(text), schema, schema), text);
}
