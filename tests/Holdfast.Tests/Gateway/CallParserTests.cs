using System.Text;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;

namespace Holdfast.Tests.Gateway;

public sealed class CallParserTests
{
    private const string Good = """
        {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"name":"n"},{"role":"assistant","content":null}],
        "temperature":1.50,"max_tokens":1e2,"seed":12345678901234567890,"stop":["x"],"n":2,"logit_bias":{"7":-1},"stream_options":{"include_usage":true},"unknown":{"a":[1]},"holdfast":{"collection":"c","topK":3,"detail":true,"filter":{"type":"eq"}}}
        """;

    private static (ParsedCall? Call, AnswerFault? Fault) Parse(string json, CallKind kind = CallKind.Chat) =>
        CallParser.Parse(kind, Encoding.UTF8.GetBytes(json), 64, 1_000);

    [Fact]
    public void A_call_is_read_with_its_numbers_its_wish_and_the_places_of_an_edit()
    {
        var (call, fault) = Parse(Good);
        Assert.Null(fault);
        var request = call!.Request;
        Assert.Equal(1.5, request.Temperature);
        Assert.Equal(100, request.MaxTokens);
        Assert.Null(request.Seed);
        Assert.Equal("seed", request.OwnFault!.Param);
        Assert.Equal(["x"], request.Stop);
        Assert.Equal(2, request.Choices);
        Assert.Equal(-1, request.LogitBias[7]);
        Assert.True(request.WantsStreamUsage);
        Assert.Equal(["s", "a\nb", ""], request.Messages.Select(m => m.Text));
        Assert.Null(request.Messages[0].Raw);
        Assert.Equal("n", request.Messages[1].Raw!.Value.GetProperty("name").GetString());
        Assert.Equal(("c", 3, true), (call.Wish.Collection, call.Wish.TopK, call.Wish.Detail));
        Assert.Equal("eq", call.Wish.Filter!.Value.GetProperty("type").GetString());
        Assert.Equal(1, call.LastUserIndex);
        Assert.StartsWith("{\"role\":\"user\"", Good[call.LastUserAt..], StringComparison.Ordinal);
    }

    [Fact]
    public void An_escaped_spelling_of_a_name_is_that_name()
    {
        var (call, fault) = Parse("""{"m\u006fdel":"m","messages":[{"role":"user","content":"x"}]}""");
        Assert.Null(fault);
        Assert.Equal("m", call!.Model);
    }

    [Fact]
    public void Of_a_doubled_member_the_last_counts()
    {
        var (call, _) = Parse("""{"model":"a","model":"b","messages":[{"role":"user","content":"x"}],"messages":[{"role":"user","content":"y"}]}""");
        Assert.Equal(("b", "y"), (call!.Model, call.Request.Messages.Single().Text));
    }

    [Theory]
    [InlineData("""{"best_of":1,"echo":false,"suffix":"","min_tokens":0,"ignore_eos":null,"skip_special_tokens":true,"modalities":[ "text" ],"mirostat":0,"length_penalty":1.0,"functions":[],"function_call":"none","structured_outputs":{},"user":"u","metadata":{"a":"b"}}""", null)]
    [InlineData("""{"normalize":false,"pooling":"cls","instruction":"x","embd_normalize":0,"add_special_tokens":false}""", null)]
    [InlineData("""{"best_of":1,"best_of":3}""", "best_of")]
    [InlineData("""{"stop_token_ids":[2]}""", "stop_token_ids")]
    [InlineData("""{"guided_json":{"type":"object"}}""", "guided_json")]
    [InlineData("""{"functions":[{"name":"f"}]}""", "functions")]
    [InlineData("""{"function_call":{"name":"f"}}""", "function_call")]
    [InlineData("""{"function_call":"auto"}""", "function_call")]
    [InlineData("""{"json_schema":{"type":"object"}}""", "json_schema")]
    [InlineData("""{"use_beam_search":true}""", "use_beam_search")]
    [InlineData("""{"mirostat":1}""", "mirostat")]
    [InlineData("""{"typical_p":0.5}""", "typical_p")]
    [InlineData("""{"length_penalty":2}""", "length_penalty")]
    [InlineData("""{"skip_special_tokens":false}""", "skip_special_tokens")]
    [InlineData("""{"continue_final_message":true}""", "continue_final_message")]
    [InlineData("""{"add_generation_prompt":false}""", "add_generation_prompt")]
    [InlineData("""{"modalities":["text","audio"]}""", "modalities")]
    [InlineData("""{"audio":{"voice":"a"}}""", "audio")]
    [InlineData("""{"web_search_options":{}}""", "web_search_options")]
    [InlineData("""{"prompt_logprobs":0}""", "prompt_logprobs")]
    [InlineData("""{"cache_s\u0061lt":"x"}""", "cache_salt")]
    [InlineData("""{"truncate_prompt_tokens":5}""", "truncate_prompt_tokens")]
    [InlineData("""{"truncate":"END"}""", "truncate")]
    [InlineData("""{"truncate":"NONE","truncation":"disabled","truncate_prompt_tokens":null}""", null)]
    [InlineData("""{"messages":[{"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}}]}""", "messages[0].function_call")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x","function_call":null}]}""", null)]
    public void A_member_that_only_an_upstream_can_follow_is_a_backends_own_fault_unless_it_asks_for_the_usual(string members, string? param)
    {
        var (call, fault) = Parse("""{"model":"m","messages":[{"role":"user","content":"x"}],""" + members[1..]);
        Assert.Null(fault);
        Assert.Equal((param, param is null ? null : "unsupported_parameter"), (call!.Request.OwnFault?.Param, call.Request.OwnFault?.Code));
    }

    [Theory]
    [InlineData("max_tokens", "1.5")]
    [InlineData("max_tokens", "1e12")]
    [InlineData("max_tokens", "2147483648")]
    [InlineData("max_tokens", "1e20")]
    [InlineData("max_completion_tokens", "0.1")]
    [InlineData("seed", "9223372036854775808")]
    [InlineData("seed", "1.5")]
    [InlineData("n", "2.7")]
    [InlineData("top_k", "1e12")]
    [InlineData("top_logprobs", "1.5")]
    [InlineData("priority", "-0.5")]
    [InlineData("temperature", "1e999")]
    public void A_number_that_does_not_fit_is_a_backends_own_fault_and_never_the_default(string name, string value)
    {
        var (call, fault) = Parse($$"""{"model":"m","messages":[{"role":"user","content":"x"}],"{{name}}":{{value}}}""");
        Assert.Null(fault);
        var own = call!.Request.OwnFault!;
        Assert.Equal((400, "invalid_value", name), (own.Status, own.Code, own.Param));
        Assert.StartsWith($"'{name}' is ", own.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_tokens", "1e12", "'max_tokens' is 1000000000000; it must be at most 2147483647.")]
    [InlineData("top_k", "-1e12", "'top_k' is -1000000000000; it must be at least -2147483648.")]
    [InlineData("seed", "9223372036854775808", "'seed' is 9223372036854775808; it must be a whole number that 64 bits with a sign hold.")]
    public void A_number_that_does_not_fit_is_told_what_would(string name, string value, string message) =>
        Assert.Equal(message, Parse($$"""{"model":"m","messages":[{"role":"user","content":"x"}],"{{name}}":{{value}}}""").Call!.Request.OwnFault!.Message);

    [Theory]
    [InlineData("\"x\"", "messages[0].tool_calls")]
    [InlineData("{}", "messages[0].tool_calls")]
    [InlineData("[{\"id\":\"a\"},5]", "messages[0].tool_calls[1]")]
    [InlineData("[{\"id\":[[1]]}]", null)]
    [InlineData("null", null)]
    public void Calls_in_the_history_are_a_list_of_objects(string calls, string? param)
    {
        var (call, fault) = Parse($$"""{"model":"m","messages":[{"role":"assistant","tool_calls":{{calls}},"content":"after"}]}""");
        Assert.Equal(param, fault?.Param);
        Assert.Equal(param is null ? "after" : null, call?.Request.Messages[0].Text);
    }

    [Theory]
    [InlineData("\"logprobs\":true", "invalid_type", "logprobs")]
    [InlineData("\"top_logprobs\":3", "unsupported_parameter", "top_logprobs")]
    [InlineData("\"top_logprobs\":0,\"logprobs\":2", null, null)]
    public void A_completion_takes_its_alternatives_as_a_number_of_logprobs(string member, string? code, string? param)
    {
        var (call, fault) = CallParser.Parse(CallKind.Completion, Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"x",{{member}}}"""), 64, 10);
        var said = fault ?? call!.Request.OwnFault;
        Assert.Equal((code, param), (said?.Code, said?.Param));
        Assert.True(said is not null || call!.Request is { WantsLogprobs: true, TopLogprobs: 2, TopLogprobsName: "logprobs" });
    }

    [Theory]
    [InlineData("tools", "5")]
    [InlineData("tools", "{}")]
    [InlineData("tool_choice", "true")]
    [InlineData("response_format", "\"json\"")]
    [InlineData("chat_template_kwargs", "[1]")]
    [InlineData("chat_template_kwargs", "5")]
    public void A_member_of_another_type_is_refused_by_name(string name, string value)
    {
        var (_, fault) = Parse($$"""{"model":"m","messages":[{"role":"user","content":"x"}],"{{name}}":{{value}}}""");
        Assert.Equal((400, "invalid_type", name), (fault!.Status, fault.Code, fault.Param));
    }

    [Theory]
    [InlineData("""{"type":"text","text":5}""")]
    [InlineData("""{"type":"text"}""")]
    public void A_text_part_without_text_is_refused_by_place(string part) =>
        Assert.Equal("messages[0].content[1].text", Parse($$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{{part}}]}]}""").Fault!.Param);

    [Fact]
    public void A_part_of_no_stated_kind_is_left_to_an_upstream() =>
        Assert.True(Parse("""{"model":"m","messages":[{"role":"user","content":[{"image_url":{"url":"u"}}]}]}""").Call!.Request.Messages[0].HasMedia);

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"chat_template_kwargs":{"a":"\ud800"}}""", "\"\\ud800")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"chat_template_kwargs":{"\uDFFFa":1}}""", "\"\\uDFFFa")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud83d \ude00"}]}""", "\"\\ud83d ")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud83d\ud83d\ude00"}]}""", "\"\\ud83d")]
    [InlineData("""{"model":"\ude00m","messages":[{"role":"user","content":"x"}]}""", "\"\\ude00m")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"\ud800"}}]}]}""", "\"\\ud800")]
    public void Half_a_surrogate_pair_is_refused_with_its_place(string body, string from)
    {
        var (_, fault) = Parse(body);
        Assert.Equal((400, "invalid_json"), (fault!.Status, fault.Code));
        Assert.StartsWith($"The string at line 1, column {body.IndexOf(from, StringComparison.Ordinal) + 1} holds half of a surrogate pair", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_pairs_and_escaped_backslashes_are_text() =>
        Assert.Equal("😀\\ud800", Parse("""{"model":"m","messages":[{"role":"user","content":"\ud83d\uDE00\\ud800"}]}""").Call!.Request.Messages[0].Text);

    [Fact]
    public void Halves_are_found_as_the_slow_way_finds_them()
    {
        string[] words = ["\\ud83d", "\\ude00", "\\uDBFF", "\\\\", "\\n", "ud800", "\\u0041", "x", "é"];
        Gen.Int[0, words.Length - 1].Array[0, 6].Sample(
            pieces =>
            {
                var json = "[\"" + string.Concat(pieces.Select(p => words[p])) + "\"]";
                var isText = true;
                try
                {
                    _ = System.Text.Json.JsonElement.Parse(json)[0].GetString();
                }
                catch (InvalidOperationException)
                {
                    isText = false;
                }

                Assert.Equal(isText, HalfPairs.Find(Encoding.UTF8.GetBytes(json), 64) is null);
            },
            iter: 5_000);
    }

    [Fact]
    public void A_byte_order_mark_is_named()
    {
        var (_, fault) = CallParser.Parse(CallKind.Chat, (byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)], 64, 1_000);
        Assert.Contains("byte order mark", fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","input":["a",null]}""", CallKind.Embedding)]
    [InlineData("""{"model":"m","input":[null,"a"]}""", CallKind.Embedding)]
    [InlineData("""{"model":"m","prompt":["a",null]}""", CallKind.Completion)]
    public void A_null_among_inputs_is_a_fault_and_shifts_nothing(string body, CallKind kind) =>
        Assert.Equal(400, Parse(body, kind).Fault!.Status);

    [Fact]
    public void Token_inputs_are_seen_and_left_to_an_upstream()
    {
        Assert.True(Parse("""{"model":"m","input":[1,2]}""", CallKind.Embedding).Call!.HasTokenInputs);
        Assert.True(Parse("""{"model":"m","prompt":[[1,2],[3]]}""", CallKind.Completion).Call!.HasTokenInputs);
        Assert.Equal(["a", "b"], Parse("""{"model":"m","prompt":["a","b"]}""", CallKind.Completion).Call!.Request.Inputs);
    }

    [Fact]
    public void Any_damage_to_a_call_is_a_fault_or_a_call_and_never_an_exception()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample(
            (at, value, length) =>
            {
                var damaged = (byte[])bytes.Clone();
                damaged[at] = value;
                foreach (var body in new[] { damaged, damaged[..length] })
                {
                    var (call, fault) = CallParser.Parse(CallKind.Chat, body, 64, 1_000);
                    Assert.True(call is null != fault is null);
                }
            },
            iter: 20_000);
    }
}
