using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Gateway.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class RetrievalTests
{
    private const string Ask = """{"model":"small@handbook","messages":[{"role":"user","content":"How do I restart the cooling pump?"}],"holdfast":{"detail":true}}""";

    [Fact]
    public async Task Stages_passages_prompt_and_query_stand_in_the_trace_and_in_the_detail()
    {
        var backend = ScriptedBackend.Says("small", new AnswerPart { Text = "Press the button [1].", HasContent = true }, new AnswerPart { FinishReason = "stop" });
        await using var host = await GatewayHost.StartAsync(backends: [backend], retriever: new ListedRetriever(ListedRetriever.Restart), more: s => s.AddSingleton<ITextNormaliser, Shouting>());
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask);
        Assert.Equal("small@handbook", body.GetProperty("model").GetString());
        var holdfast = body.GetProperty("holdfast");
        Assert.Equal("HOW DO I RESTART THE COOLING PUMP?", holdfast.GetProperty("query").GetString());
        Assert.Equal(["authenticate", "parse", "normalise", "retrieve", "render prompt", "call", "watch the stream", "settle"], holdfast.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(1, holdfast.GetProperty("citations").GetArrayLength());
        var trace = await host.TraceAsync(head);
        Assert.Equal("restart.md", trace.GetProperty("passages")[0].GetProperty("document").GetString());
        Assert.Contains("Close the valve", trace.GetProperty("prompt").GetProperty("text").GetString(), StringComparison.Ordinal);

        // What is forwarded stays the client's.
        Assert.Contains("How do I restart the cooling pump?", System.Text.Encoding.UTF8.GetString(backend.LastCall!.Body.Span), StringComparison.Ordinal);
        Assert.Equal(["system", "user"], backend.LastCall.Request.Messages.Select(m => m.Role));
    }

    [Fact]
    public async Task A_small_model_gets_the_short_prompt_and_three_passages_and_its_unmarked_sentences_are_tied_to_them()
    {
        var backend = new ScriptedBackend("scripted", [new ServedModel("small", ModelAbilities.Chat, null, "test") { IsSmall = true }], (_, token) => ScriptedBackend.Parts(
            [new AnswerPart { Text = "Close the valve, then press the green button.", HasContent = true }, new AnswerPart { FinishReason = "stop" }], token));
        var retriever = new ListedRetriever(ListedRetriever.Restart);
        await using var host = await GatewayHost.StartAsync(backends: [backend], retriever: retriever);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask);
        Assert.Equal(3, retriever.LastQuery!.TopK);
        Assert.Equal("answer-with-sources-small", (await host.TraceAsync(head)).GetProperty("prompt").GetProperty("template").GetString());
        Assert.Equal(["<passage-", "</passage-"], backend.LastCall!.Request.OwnStop);
        Assert.Equal((0, .4), (backend.LastCall.Request.Temperature, backend.LastCall.Request.FrequencyPenalty));
        Assert.DoesNotContain("cooling pump", backend.LastCall!.Request.Messages[0].Text, StringComparison.Ordinal);
        var cited = body.GetProperty("choices")[0].GetProperty("message").GetProperty("annotations")[0].GetProperty("url_citation");
        Assert.Equal((0, 45), (cited.GetProperty("start_index").GetInt32(), cited.GetProperty("end_index").GetInt32()));

        await host.PostAsync("/v1/chat/completions", Ask.Replace("\"detail\":true", "\"topK\":9", StringComparison.Ordinal).Replace("{\"model\"", "{\"temperature\":1,\"frequency_penalty\":0,\"model\"", StringComparison.Ordinal));
        Assert.Equal(9, retriever.LastQuery!.TopK);
        Assert.Equal((1, 0), (backend.LastCall.Request.Temperature, backend.LastCall.Request.FrequencyPenalty));
    }

    [Fact]
    public async Task An_extractive_backend_gets_the_passages_and_no_prompt_and_its_refusal_is_told()
    {
        var citation = new Citation(0, 12, ListedRetriever.Restart, 120, 40, "Close the valve.");
        var extractive = new ScriptedBackend("extractive", [new ServedModel("extractive", ModelAbilities.Chat, null, "holdfast")], (call, token) => ScriptedBackend.Parts(
            call.Retrieved!.Passages.Count > 0
                ? [new AnswerPart { Text = "Close it. [1]", HasContent = true }, new AnswerPart { FinishReason = "stop", Citations = [citation] }]
                : [new AnswerPart { Text = "Nothing in handbook answers that.", HasContent = true, IsRefusal = true }, new AnswerPart { FinishReason = "stop", IsRefusal = true }],
            token));
        await using (var host = await GatewayHost.StartAsync(backends: [extractive], retriever: new ListedRetriever(ListedRetriever.Restart)))
        {
            var (_, list) = await host.GetAsync("/v1/models");
            Assert.Equal(["extractive@handbook"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
            var (head, frames, _) = await host.StreamAsync(Ask.Replace("small", "extractive", StringComparison.Ordinal).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
            Assert.Null(extractive.LastCall!.Request.Messages.FirstOrDefault(m => m.Role == "system"));
            var last = JsonDocument.Parse(frames[^1]).RootElement;
            Assert.Equal("stop", last.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
            Assert.Equal(12, last.GetProperty("choices")[0].GetProperty("delta").GetProperty("annotations")[0].GetProperty("url_citation").GetProperty("end_index").GetInt32());
            Assert.False(last.GetProperty("holdfast").GetProperty("refused").GetBoolean());
            Assert.DoesNotContain("render prompt", (await host.TraceAsync(head)).ToString(), StringComparison.Ordinal);
        }

        await using (var host = await GatewayHost.StartAsync(backends: [extractive], retriever: new ListedRetriever()))
        {
            var (head, body) = await host.PostAsync("/v1/chat/completions", Ask.Replace("small", "extractive", StringComparison.Ordinal));
            Assert.Equal("unanswerable", head.Headers.GetValues("x-holdfast-refused").Single());
            Assert.True(body.GetProperty("holdfast").GetProperty("refused").GetBoolean());
            Assert.Equal(0, body.GetProperty("choices")[0].GetProperty("message").GetProperty("annotations").GetArrayLength());
        }
    }

    [Fact]
    public async Task Without_a_collection_a_language_model_comes_before_extraction()
    {
        var extractive = new ScriptedBackend("extractive", [new ServedModel("extractive", ModelAbilities.Chat, null, "holdfast")], (_, token) => ScriptedBackend.Parts([], token));
        await using var host = await GatewayHost.StartAsync(backends: [extractive, ScriptedBackend.Hello("small")]);
        var (_, list) = await host.GetAsync("/v1/models");
        Assert.Equal(["small", "extractive"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Models_are_listed_in_order_and_found_with_an_at_in_any_spelling()
    {
        var extractive = new ScriptedBackend("extractive", [new ServedModel("extractive", ModelAbilities.Chat, null, "holdfast")], (_, token) => ScriptedBackend.Parts([], token));
        await using var host = await GatewayHost.StartAsync(backends: [extractive, ScriptedBackend.Hello("org/small")], retriever: new ListedRetriever());
        var (_, list) = await host.GetAsync("/v1/models");
        Assert.Equal(["org/small@handbook", "extractive@handbook", "org/small"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        foreach (var id in new[] { "extractive@handbook", "extractive%40handbook", "org/small", "org%2Fsmall", "org/small@handbook" })
        {
            var (head, model) = await host.GetAsync("/v1/models/" + id);
            Assert.Equal(200, (int)head.StatusCode);
            Assert.Equal(Uri.UnescapeDataString(id), model.GetProperty("id").GetString());
        }

        Assert.Equal(404, (int)(await host.GetAsync("/v1/models/none")).Head.StatusCode);
    }

    [Theory]
    [InlineData("How do I restart the main cooling pump?", null, "How do I restart the main cooling pump?")]
    [InlineData("and on Windows?", "How do I restart the main cooling pump?", "How do I restart the main cooling pump?\nand on Windows?")]
    [InlineData("and on Windows?", null, "and on Windows?")]
    public void A_short_question_takes_the_one_before_it_along(string last, string? before, string query)
    {
        List<ChatMessage> messages = [];
        if (before is not null)
        {
            messages.Add(new ChatMessage { Role = "user", Text = before });
        }

        messages.Add(new ChatMessage { Role = "assistant", Text = "an answer with many words in it, all of them content" });
        messages.Add(new ChatMessage { Role = "user", Text = last });
        Assert.Equal(query, QueryText.Of(messages));
    }

    private sealed class Shouting : ITextNormaliser
    {
        public NormalisedText Normalise(string text) => new(text.ToUpperInvariant(), []);
    }
}
