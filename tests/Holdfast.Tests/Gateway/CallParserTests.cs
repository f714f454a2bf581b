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

    [Fact]
    public void Members_that_only_an_upstream_understands_are_named_when_they_ask_for_more_than_the_usual()
    {
        var (call, _) = Parse("""{"model":"m","messages":[{"role":"user","content":"x"}],"best_of":1,"echo":false,"suffix":"","min_tokens":0,"ignore_eos":null,"stop_token_ids":[2],"guided_json":{"type":"object"},"bad_words":["a"],"best_of":3}""");
        Assert.Equal(["stop_token_ids", "guided_json", "bad_words", "best_of"], call!.Request.OnlyUpstream);
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
