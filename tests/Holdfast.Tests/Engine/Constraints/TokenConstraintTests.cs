using System.Text.Json;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class TokenConstraintTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    [Fact]
    public void Whatever_is_picked_from_the_masks_parses_and_validates()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var schema = JsonSerializer.SerializeToElement(new RandomSchema(random).Next());
            var constraint = new TokenConstraint(Compile(schema), Small);
            for (var run = 0; run < 3; run++)
            {
                var text = ConstraintWalk.Run(constraint, Small, random);
                AssertValid(schema, text, seed);
            }
        }
    }

    [Fact]
    public void Valid_documents_are_accepted_in_the_tokenizers_own_spelling()
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var generator = new RandomSchema(random);
            var schema = JsonSerializer.SerializeToElement(generator.Next());
            var text = generator.Sample(schema);
            AssertValid(schema, text, seed);
            AssertAccepted(new TokenConstraint(Compile(schema), Small), Small, text, $"seed {seed}, {schema}");
        }
    }

    [Fact]
    public void A_mask_holds_exactly_the_tokens_that_can_be_taken()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var constraint = new TokenConstraint(Compile(JsonSerializer.SerializeToElement(new RandomSchema(random).Next())), Small);
            ConstraintWalk.AssertExact(constraint, Small, random, steps: 25, $"seed {seed}");
        }
    }

    [Fact]
    public void The_mask_of_a_pattern_that_takes_any_text_up_to_a_length_is_exact()
    {
        var constraint = new TokenConstraint(Compile(Parse("""{"type":"string","pattern":"^.{0,40}$"}""")), Small);
        for (var seed = 0; seed < 10; seed++)
        {
            ConstraintWalk.AssertExact(constraint, Small, new Random(seed), steps: 25, $"seed {seed}");
        }
    }

    [Fact]
    public void Masks_of_a_real_sentence_piece_vocabulary_are_exact_too()
    {
        var masks = new VocabularyMasks(new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf("ggml-vocab-phi-3.gguf")) with { Eos = 2 }));
        var schema = Parse("""{"type":"object","properties":{"name":{"type":"string","maxLength":12},"n":{"type":"integer","minimum":3,"maximum":217}},"required":["name","n"],"additionalProperties":false}""");
        var constraint = new TokenConstraint(Compile(schema), masks);
        ConstraintWalk.AssertExact(constraint, masks, new Random(5), steps: 12, "phi-3");
        for (var seed = 0; seed < 10; seed++)
        {
            AssertValid(schema, ConstraintWalk.Run(constraint, masks, new Random(seed)), seed);
        }
    }

    [Fact]
    public void What_a_tokenizer_would_read_as_a_space_is_still_written_as_a_schema_demands()
    {
        var masks = new VocabularyMasks(new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf("ggml-vocab-phi-3.gguf")) with { Eos = 2 }));
        var constraint = new TokenConstraint(Compile(Parse("""{"const":"a\u2581b"}""")), masks);
        Assert.Empty(constraint.Forced(constraint.Start));
        Assert.Equal("\"a\u2581b\"", ConstraintWalk.Run(constraint, masks, new Random(1)));
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"type":"boolean"}},"required":["a"],"additionalProperties":false}""", JsonValueKind.Object)]
    [InlineData("""{"items":{"type":"boolean"},"minItems":1,"maxItems":2}""", JsonValueKind.Array)]
    [InlineData("""{"maxLength":3}""", JsonValueKind.String)]
    [InlineData("""{"format":"date"}""", JsonValueKind.String)]
    [InlineData("""{"minimum":3,"maximum":5}""", JsonValueKind.Number)]
    public void Without_a_type_the_one_that_the_keywords_speak_of_is_meant(string source, JsonValueKind kind)
    {
        var schema = Parse(source);
        var constraint = new TokenConstraint(Compile(schema), Small);
        for (var seed = 0; seed < 20; seed++)
        {
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed));
            AssertValid(schema, text, seed);
            Assert.Equal(kind, Parse(text).ValueKind);
        }
    }

    [Theory]
    [InlineData("int8", sbyte.MinValue, sbyte.MaxValue)]
    [InlineData("uint16", 0, ushort.MaxValue)]
    [InlineData("int32", int.MinValue, int.MaxValue)]
    [InlineData("uint32", 0, uint.MaxValue)]
    [InlineData("date", -999_999_999_999_999_999, 999_999_999_999_999_999)]
    public void A_format_of_whole_numbers_bounds_them(string format, long low, long high)
    {
        var constraint = new TokenConstraint(Compile(Parse($$"""{"type":"integer","format":"{{format}}"}""")), Small);
        var values = Enumerable.Range(0, 200).Select(seed => long.Parse(ConstraintWalk.Run(constraint, Small, new Random(seed)), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(values, value => Assert.InRange(value, low, high));
        Assert.Contains(values, value => value > high / 1000);
    }

    [Fact]
    public void A_schema_may_refer_to_itself_and_the_depth_is_bounded()
    {
        var schema = Parse("""{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"child":{"$ref":"#/$defs/node"},"list":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":[],"additionalProperties":false}}}""");
        var constraint = new TokenConstraint(Compile(schema), Small);
        for (var seed = 0; seed < 20; seed++)
        {
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed), freeSteps: 2000);
            AssertValid(schema, text, seed);
        }
    }

    [Fact]
    public void A_json_object_without_schema_is_any_object_of_bounded_depth()
    {
        var constraint = new TokenConstraint(ConstraintGrammars.AnyObject(WritableText.Everything), Small);
        for (var seed = 0; seed < 30; seed++)
        {
            var text = ConstraintWalk.Run(constraint, Small, new Random(seed), freeSteps: 300);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 66 });
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }

        AssertAccepted(constraint, Small, """{"a": [1, -2.5e10, {"b": null}], "c": "\u00e9\ud83d\ude00\n", "d": {}}""", "any object");
        Assert.Null(Read(constraint, Small, "[1]"));
        Assert.Null(Read(constraint, Small, """{"a": "\ud83d"}"""));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"patternProperties":{"^a":{}}}""", "#: the keyword 'patternProperties' is not enforced")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","uniqueItems":true}}}""", "#/properties/a: the keyword 'uniqueItems' is not enforced")]
    [InlineData("""{"type":"number","multipleOf":3}""", "#: the keyword 'multipleOf' is not enforced")]
    [InlineData("""{"not":{"type":"string"}}""", "#: the keyword 'not' is not enforced")]
    [InlineData("""{"type":"string","pattern":"a(?=a)"}""", "'pattern': groups that begin with '(?' are not supported")]
    [InlineData("""{"type":"string","pattern":"a","maxLength":3}""", "#: 'pattern' together with 'maxLength' is not enforced")]
    [InlineData("""{"type":"string","format":"iri"}""", "#: the format 'iri' is not enforced")]
    [InlineData("""{"type":"integer","format":"int128"}""", "#: the format 'int128' is not enforced for whole numbers; known are int8")]
    [InlineData("""{"type":"number","format":"int32"}""", "#: the format 'int32' is not enforced for numbers; known are int64")]
    [InlineData("""{"type":"integer","format":"uint8","minimum":256}""", "lies between 'minimum' and 'maximum'")]
    [InlineData("""{"$ref":"http://x/y"}""", "#: '$ref' to 'http://x/y' is not enforced")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "#: '$ref' to '#/$defs/x' leads nowhere")]
    [InlineData("""{"$ref":"#"}""", "a choice that contains itself")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "allows no value that ends")]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""", "lies between 'minimum' and 'maximum'")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"string","maxLength":3}]}""", "#: 'oneOf' is enforced only where the branches exclude each other; 0 and 1 may not")]
    [InlineData("""{"type":"object","required":"a"}""", "#: 'required' must be a list of names")]
    [InlineData("""{"type":"object","required":null}""", "#: 'required' must be a list of names")]
    [InlineData("""{"type":"object","required":true}""", "#: 'required' must be a list of names")]
    [InlineData("""{"type":"object","required":[1]}""", "#: 'required' must be a list of names")]
    [InlineData("""{"type":"array","prefixItems":{}}""", "#: 'prefixItems' must be a list of schemas")]
    [InlineData("""{"type":"array","items":[{}]}""", "#: 'items' must be true, false or a schema (a list of them is 'prefixItems')")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","additionalProperties":5}}}""", "#/properties/a: 'additionalProperties' must be true, false or a schema")]
    [InlineData("""{"type":"object","additionalProperties":null}""", "#: 'additionalProperties' must be")]
    [InlineData("""{"type":"object","properties":[]}""", "#: 'properties' must be an object whose values are schemas")]
    [InlineData("""{"type":"object","$defs":[]}""", "#: '$defs' must be an object whose values are schemas")]
    [InlineData("""{"enum":[]}""", "#: 'enum' must be a list of values that is not empty")]
    [InlineData("""{"anyOf":{}}""", "#: 'anyOf' must be a list of schemas that is not empty")]
    [InlineData("""{"type":"string","minLength":"3"}""", "#: 'minLength' must be a whole number from 0")]
    [InlineData("""{"type":"string","pattern":5}""", "#: 'pattern' must be a text")]
    [InlineData("""{"$ref":5}""", "#: '$ref' must be a text")]
    [InlineData("""{"const":"a","enum":["b"]}""", "#: the value of 'const' is not in 'enum'")]
    [InlineData("""{"type":"object","anyOf":[{"type":"string"}]}""", "#: 'type' beside 'anyOf' is not enforced")]
    [InlineData("""{"type":"string","pattern":"\\ud83d"}""", "an escape is half of a surrogate pair")]
    [InlineData("""{"type":"string","pattern":"\\p{L}"}""", "the escape '\\p' is not supported")]
    [InlineData("""{"allOf":[{"type":"string"},{"maxLength":3}]}""", "#: 'allOf' is enforced only where one of its schemas says something; 0 and 1 do (write them as one)")]
    [InlineData("""{"type":"object","properties":{},"anyOf":[{}]}""", "beside 'anyOf' is not enforced")]
    [InlineData("""{"type":"text"}""", "#: the type 'text' is not known")]
    [InlineData("false", "#: 'false' allows no value")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""", "a choice that contains itself")]
    [InlineData("""{"type":"string","pattern":"^(((a?){9}b?){9}c?){9}$"}""", "'pattern'")]
    [InlineData("""{"type":"string","pattern":"a^b"}""", "'pattern': '^' not at the beginning, at character 2 of a^b")]
    [InlineData("""{"oneOf":[{"const":1},{"const":1.0}]}""", "#: 'oneOf' is enforced only where the branches exclude each other; 0 and 1 may not")]
    [InlineData("""{"oneOf":[{"const":"a"},{"properties":{"k":{"enum":["x",1]}},"required":["k"]},{"properties":{"k":{"enum":[10e-1,"y"]},"z":{"type":"integer"}},"required":["k"]}]}""", "may not (use 'anyOf')")]
    [InlineData("""{"oneOf":[{"const":{"a":1,"b":[2]}},{"const":{"b":[2.0],"a":1}}]}""", "0 and 1 may not")]
    [InlineData("""{"oneOf":[{"type":"integer","maximum":5},{"type":"number","minimum":5}]}""", "0 and 1 may not")]
    [InlineData("""{"oneOf":[{"properties":{"k":{"const":1}},"required":["k"]},{"type":["object","string"],"properties":{"k":{"const":2}},"required":["k"]}]}""", "0 and 1 may not")]
    [InlineData("""{"anyOf":[false,false]}""", "#: 'anyOf' of nothing but 'false' allows no value")]
    [InlineData("""{"type":"integer","const":1.5}""", "#: the value of 'const' is not of the 'type'")]
    [InlineData("""{"type":"integer","enum":[1.5,"a"]}""", "#: no value of 'enum' is of the 'type'")]
    [InlineData("""{"const":{"a":1,"b":{"a":1,"a":2}}}""", "#: 'const' cannot be enforced: an object holds 'a' twice")]
    [InlineData("""{"enum":[1,[-1e999]]}""", "#: 'enum' cannot be enforced: the number -1e999 lies beyond what a double holds")]
    [InlineData("""{"const":1e-999}""", "the number 1e-999 lies beyond what a double holds")]
    [InlineData("""{"properties":{"a/b":{"type":"string","pattern":"^(?i)a"}}}""", "#/properties/a~1b: 'pattern': groups that begin with '(?' are not supported")]
    [InlineData("""{"items":{"type":"string","pattern":"^\u0007$"}}""", "#/items: 'pattern' matches no text that can be written")]
    [InlineData("""{"properties":{"a":{"$id":"https://e.com/s","properties":{"v":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"integer"}}}},"$defs":{"n":{"type":"string"}}}""", "#/properties/a: '$id' is not followed")]
    [InlineData("""{"type":"string","pattern":"^.{1300}$"}""", "#: 'pattern' needs more than 1100 states")]
    public void What_is_not_enforced_is_refused_by_name(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<SchemaFault>(() => Compile(Parse(schema))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"integer"},"uniqueItems":false}""", "[1,1]")]
    [InlineData("""{"type":"object","minProperties":0,"nullable":true,"x-order":[1],"properties":{"a":{"type":"boolean"}}}""", """{"a":true}""")]
    [InlineData("""{"const":"cat","enum":["cat"],"type":"string","title":"Kind"}""", "\"cat\"")]
    [InlineData("""{"type":"object","anyOf":[{"type":"object","properties":{"a":{"type":"null"}}},{"$ref":"#/$defs/b"}],"$defs":{"b":{"type":"object","properties":{"b":{"type":"null"}}}}}""", """{"b":null}""")]
    [InlineData("""{"discriminator":{"propertyName":"k"},"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"const":"a"}}},{"type":"object","required":["k"],"properties":{"k":{"const":"b"}}}]}""", """{"k":"b"}""")]
    [InlineData("""{"type":"string","pattern":"^\\ud83d\\ude00x$"}""", "\"😀x\"")]
    [InlineData("""{"const":1,"enum":[2,1.0]}""", "1")]
    [InlineData("""{"type":"integer","const":1e40}""", "1e40")]
    [InlineData("""{"type":"integer","enum":[1.0,1.5,120e-1]}""", "120e-1")]
    [InlineData("""{"anyOf":[false,{"type":"boolean"}]}""", "true")]
    [InlineData("""{"oneOf":[{"const":1},{"const":10}]}""", "10")]
    [InlineData("""{"oneOf":[{"type":"integer","maximum":5},false,{"type":"integer","minimum":6}]}""", "7")]
    [InlineData("""{"oneOf":[{"type":"number","maximum":5},{"type":"number","exclusiveMinimum":5}]}""", "5")]
    [InlineData("""{"oneOf":[{"type":"object","properties":{"a":{"type":"null"}},"required":["a"],"additionalProperties":false},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"],"additionalProperties":false}]}""", """{"b":null}""")]
    [InlineData("""{"properties":{"a%25b":{"const":1},"a%b":{"const":2},"c":{"$ref":"#/properties/a%25b"}},"required":["a%25b","a%b","c"],"type":"object"}""", """{"a%25b":1,"a%b":2,"c":2}""")]
    [InlineData("""{"properties":{"a/b":{"const":1},"a~1b":{"const":2},"c":{"$ref":"#/properties/a~1b"},"d":{"$ref":"#/properties/a~01b"}},"required":["a/b","a~1b","c","d"],"type":"object"}""", """{"a/b":1,"a~1b":2,"c":1,"d":2}""")]
    public void What_says_nothing_more_is_no_reason_to_refuse(string schema, string text)
    {
        var constraint = new TokenConstraint(Compile(Parse(schema)), Small);
        AssertAccepted(constraint, Small, text, schema);
        for (var seed = 0; seed < 5; seed++)
        {
            AssertValid(Parse(schema), ConstraintWalk.Run(constraint, Small, new Random(seed)), seed);
        }
    }

    [Fact]
    public void An_empty_list_of_members_takes_none()
    {
        var constraint = new TokenConstraint(Compile(Parse("""{"type":"object","properties":{}}""")), Small);
        Assert.True(constraint.IsComplete(Read(constraint, Small, "{}")!));
        Assert.Null(Read(constraint, Small, "{\"a"));
    }

    [Theory]
    [InlineData("date", "2024-02-29", "2023-02-29")]
    [InlineData("date-time", "2026-11-24T23:59:00.5Z", "2026-11-31T00:00:00Z")]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400")]
    [InlineData("ipv4", "192.168.0.255", "192.168.0.256")]
    [InlineData("email", "a.b@example.org", "a@b")]
    [InlineData("hostname", "a-1.example.org", "-a.example.org")]
    [InlineData("hostname", "localhost", "a..b")]
    [InlineData("ipv6", "2001:db8::8a2e:370:7334", "2001:db8::8a2e::7334")]
    [InlineData("ipv6", "::", ":")]
    [InlineData("ipv6", "::1", "1:2:3:4:5:6:7:8:9")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7")]
    [InlineData("ipv6", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8::")]
    [InlineData("ipv6", "::2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8")]
    [InlineData("duration", "P1Y2M3DT4H5M6S", "P1Y3D")]
    [InlineData("duration", "PT5M", "PT")]
    [InlineData("duration", "P2W", "P")]
    [InlineData("uri", "https://example.org:8080/a%20b/?q=1#x", "https://exa mple.org")]
    [InlineData("uri", "urn:isbn:0451450523", "example.org/a")]
    [InlineData("uri", "https://example.org", "https://example.org/%2")]
    public void Formats_are_enforced(string format, string good, string bad)
    {
        var constraint = new TokenConstraint(Compile(Parse($"{{\"type\":\"string\",\"format\":\"{format}\"}}")), Small);
        AssertAccepted(constraint, Small, $"\"{good}\"", format);
        Assert.True(Read(constraint, Small, $"\"{bad}\"") is not { } state || !constraint.IsComplete(state));
    }

    [Fact]
    public void What_must_come_is_given_in_the_tokenizers_own_spelling()
    {
        var schema = Parse("""{"type":"object","properties":{"service":{"type":"string"},"severity":{"enum":["high"]}},"required":["service","severity"],"additionalProperties":false}""");
        var constraint = new TokenConstraint(Compile(schema), Small);
        var state = constraint.Start;
        var ids = constraint.Forced(state);
        var text = Detokenizer.Decode(Small.Tokenizer.Vocabulary, ids);
        Assert.StartsWith(text, "{\"service\":", StringComparison.Ordinal);
        Assert.True(text.Length > 5, text);
        var whole = Small.Tokenizer.Encode("{\"service\": \"billing\"", false);
        Assert.Equal(whole.Take(ids.Count), ids);
        foreach (var id in ids)
        {
            state = constraint.Advance(state, id)!;
            Assert.NotNull(state);
        }
    }

    [Theory]
    [InlineData("small")]
    [InlineData("smollm2")]
    [InlineData("ggml-vocab-qwen2.gguf")]
    [InlineData("ggml-vocab-phi-3.gguf")]
    public void Forced_tokens_are_those_of_the_whole_text(string vocabulary)
    {
        var masks = vocabulary == "small" ? Small : new VocabularyMasks(vocabulary == "smollm2" ? VocabularyFiles.SmolLm() : new Tokenizer(VocabularyFiles.Data(VocabularyFiles.PathOf(vocabulary))));
        var (steps, forced) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var generator = new RandomSchema(random);
            var schema = JsonSerializer.SerializeToElement(generator.Next());
            var text = generator.Sample(schema);
            var ids = masks.Tokenizer.EncodeContinuation(text, allowSpecial: true);
            var constraint = new TokenConstraint(Compile(schema), masks);
            var state = constraint.Start;
            for (var i = 0; i < ids.Count; i++, steps++)
            {
                var must = constraint.Forced(state);
                forced += must.Count;
                Assert.True(must.SequenceEqual(ids.Skip(i).Take(must.Count)), $"seed {seed}: {text}, at {i}: {string.Join(' ', must.Select(t => Detokenizer.Decode(masks.Tokenizer.Vocabulary, [t])))}");
                state = constraint.Advance(state, ids[i])!;
            }
        }

        Assert.True(forced > steps / 20, $"{forced} forced in {steps}");
    }

    [Fact]
    public void The_grammar_begins_after_the_thinking()
    {
        var boolean = Compile(Parse("""{"type":"boolean"}"""));
        var open = new TokenConstraint(ConstraintGrammars.AfterThinking(boolean, isOpen: true), Small);
        AssertAccepted(open, Small, "I think < </thin so </think>\n\ntrue", "thinking");
        AssertAccepted(open, Small, "</think>false", "thinking");
        Assert.Null(Read(open, Small, "x</think>\nmaybe"));
        ConstraintWalk.AssertExact(open, Small, new Random(2), steps: 10, "thinking");
        Assert.False(open.IsComplete(Read(open, Small, "true")!));

        var possible = new TokenConstraint(ConstraintGrammars.AfterThinking(boolean, isOpen: false), Small);
        AssertAccepted(possible, Small, "<think>\nyes\n</think>\n\ntrue", "thinking");
        AssertAccepted(possible, Small, "false", "no thinking");
        Assert.Null(Read(possible, Small, "yes"));
        ConstraintWalk.AssertExact(possible, Small, new Random(2), steps: 10, "thinking");
    }

    [Fact]
    public void The_cache_of_masks_keeps_its_bound_and_changes_no_mask()
    {
        var tokenizer = SmallVocabulary.Train("smollm");
        var tight = new VocabularyMasks(tokenizer, cacheBytesMax: 3000);
        var schema = Compile(Parse("""{"type":"array","items":{"type":"integer","maximum":5000}}"""));
        Assert.Equal(
            ConstraintWalk.Run(new TokenConstraint(schema, Small), Small, new Random(9)),
            ConstraintWalk.Run(new TokenConstraint(schema, tight), tight, new Random(9)));
        Assert.InRange(tight.Cache.HeldBytes, 1, 3000);
    }

    [Fact]
    public void Any_schema_compiles_or_is_refused_by_name()
    {
        var words = new[] { "type", "enum", "const", "properties", "required", "items", "prefixItems", "minItems", "maxLength", "anyOf", "oneOf", "allOf", "$ref", "minimum", "additionalProperties", "format" };
        var values = new[] { "1", "-1", "\"string\"", "\"[a-\"", "\"#\"", "\"#/properties/a\"", "[]", "[1]", "[\"string\"]", "{}", "true", "null", "1e400", "{\"a\":{}}", "[{\"type\":\"null\"}]" };
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var schema = Parse($"{{{string.Join(',', words.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(w => $"\"{w}\":{values[random.Next(values.Length)]}"))}}}");
            try
            {
                ConstraintWalk.Run(new TokenConstraint(Compile(schema), Small), Small, random, freeSteps: 10);
            }
            catch (SchemaFault fault)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
    }

    [Fact]
    public void Any_pattern_compiles_or_is_refused_and_what_it_allows_matches()
    {
        var parts = new[] { "a", "b", "é", "😀", ".", "[ab]", "[^a]", "[a-c", "]", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "{", @"\d", @"\w", @"\", @"\\", @"\b", @"\.", @"\s", @"\n", "\"", "-", "$" };
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var pattern = "^" + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)])) + "$";
            PatternAutomaton automaton;
            try
            {
                automaton = new PatternStore(WritableText.Everything).Get("#", pattern);
            }
            catch (SchemaFault fault)
            {
                Assert.Contains("'pattern'", fault.Message, StringComparison.Ordinal);
                continue;
            }

            var runes = new System.Text.StringBuilder();
            var state = 0;
            for (var i = 0; i < 40 && !(automaton.IsAccepting(state) && random.Next(3) == 0); i++)
            {
                var next = new[] { 'a', 'b', 'c', 0xE9, 0x1F600, '0', '9', '_', ' ', '.', '\\', '"', '-', '{', ']', '\n', ')' }.Where(r => automaton.Next(state, r) >= 0).ToArray();
                if (next.Length == 0)
                {
                    break;
                }

                var rune = next[random.Next(next.Length)];
                state = automaton.Next(state, rune);
                runes.Append(char.ConvertFromUtf32(rune));
            }

            if (automaton.IsAccepting(state) && !runes.ToString().Any(char.IsSurrogate) && !pattern.Any(char.IsSurrogate) && !pattern.Contains("-[", StringComparison.Ordinal))
            {
                Assert.Matches(new System.Text.RegularExpressions.Regex(pattern[..^1] + "\\z", System.Text.RegularExpressions.RegexOptions.ECMAScript, TimeSpan.FromSeconds(5)), runes.ToString());
            }
        }
    }

    [Fact]
    public void A_large_schema_costs_what_its_size_says()
    {
        var names = Enumerable.Range(0, 250).Select(i => $"member_{i}_{new string('x', 200)}").ToArray();
        var schema = Parse($"{{\"type\":\"object\",\"properties\":{{{string.Join(',', names.Select(n => $"\"{n}\":{{\"type\":\"null\"}}"))}}}}}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var constraint = new TokenConstraint(Compile(schema), Small);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
        AssertAccepted(constraint, Small, $"{{\"{names[3]}\": null, \"{names[249]}\":null}}", "large");
        Assert.Null(Read(constraint, Small, $"{{\"{names[3]}\": null, \"{names[2]}\":"));
    }

    [Theory]
    [InlineData("anyOf")]
    [InlineData("oneOf")]
    public void A_choice_of_too_many_branches_says_how_many_there_may_be(string word)
    {
        var branches = string.Join(',', Enumerable.Range(0, 129).Select(i => $$"""{"const":{{i}}}"""));
        var fault = Assert.Throws<SchemaFault>(() => Compile(Parse($$$"""{"items":{"{{{word}}}":[{{{branches}}}]}}""")));
        Assert.Equal($"#/items: '{word}' has more than 128 branches", fault.Message);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"u":{"type":"string","pattern":"(?=a)"}}}""", "the parameters of 'tool_7': #/properties/u: 'pattern': groups that begin with '(?'")]
    [InlineData("""{"type":"object","properties":{"u":{"not":{}}}}""", "the parameters of 'tool_7': #/properties/u: the keyword 'not' is not enforced")]
    [InlineData("""{"type":"string"}""", "the parameters of 'tool_7' must be the schema of an object")]
    public void A_fault_in_one_of_many_tools_says_in_which(string parameters, string message)
    {
        var tools = Enumerable.Range(0, 12).Select(i => ($"tool_{i}", (JsonElement?)Parse(i == 7 ? parameters : """{"type":"object","properties":{"u":{"type":"string"}}}"""))).ToList();
        var fault = Assert.Throws<SchemaFault>(() => ConstraintGrammars.ToolCall(tools, WritableText.Everything, "", "arguments", ""));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    private static ConstraintGrammar Compile(JsonElement schema) => SchemaCompiler.Compile(schema, WritableText.Everything);

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static void AssertValid(JsonElement schema, string text, int seed)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 70 });
        Assert.True(SlowValidator.IsValid(document.RootElement, schema, schema), $"seed {seed}: {text}\n{schema}");
    }

    private static ConstraintState? Read(TokenConstraint constraint, VocabularyMasks masks, string text)
    {
        ConstraintState? state = constraint.Start;
        foreach (var id in masks.Tokenizer.Encode(text, allowSpecial: false))
        {
            state = state is null ? null : constraint.Advance(state, id);
        }

        return state;
    }

    private static void AssertAccepted(TokenConstraint constraint, VocabularyMasks masks, string text, string about)
    {
        var state = Read(constraint, masks, text);
        Assert.True(state is not null && constraint.IsComplete(state), $"{about}: {text}");
    }
}
