using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Answering;

namespace Holdfast.Tests.Retrieval;

public sealed class ExtractiveBackendTests
{
    private const string Pump = """
        # Restarting

        Drain the pump first:   it finishes
        open batches and takes no new ones. Then restart the pump with pumpctl restart. Release the ledger lock when the drain hangs.

        # Colour

        The housing is blue. Paint it every spring with the paint from the store.
        """;

    [Fact]
    public async Task The_answer_is_made_of_whole_sentences_each_with_its_mark_and_citation()
    {
        using var test = Filled();

        var parts = await AskAsync(test, "how do I restart the pump");

        var content = string.Concat(parts.Select(part => part.Text));
        Assert.Contains("Then restart the pump with pumpctl restart. [1]", content, StringComparison.Ordinal);
        Assert.Contains("Drain the pump first: it finishes open batches and takes no new ones. [1]", content, StringComparison.Ordinal);
        var last = parts[^1];
        Assert.Equal("stop", last.FinishReason);
        Assert.Equal(new TokenUsage(7, PlainCounter.Words(content), null, UsageSource.Counted), last.Usage);
        Assert.NotEmpty(last.Citations!);
        foreach (var citation in last.Citations!)
        {
            Assert.Equal(citation.Text, Pump.Substring(citation.Start, citation.Length));
            Assert.Equal(Collapsed(citation.Text), content[citation.AnswerStart..citation.AnswerEnd]);
            Assert.StartsWith(" [1]", content[citation.AnswerEnd..], StringComparison.Ordinal);
            Assert.Equal("runbooks/pump.md", citation.Passage.Document);
        }
    }

    [Fact]
    public async Task Each_sentence_is_a_part_of_its_own_and_only_the_last_part_ends()
    {
        using var test = Filled();

        var parts = await AskAsync(test, "how do I restart the pump when the drain hangs");

        Assert.True(parts.Count >= 3);
        Assert.All(parts.SkipLast(1), part => Assert.True(part.HasContent && part.FinishReason is null && part.Text!.EndsWith(" [1]", StringComparison.Ordinal)));
        Assert.False(parts[^1].HasContent);
        Assert.All(parts, part => Assert.False(part.IsRefusal));
    }

    [Fact]
    public async Task Marks_count_the_cited_passages_in_the_order_of_the_answer()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", "The pump drains slowly. It takes ten minutes to drain the pump.\n\nNothing of interest stands in here."));
        test.Put(TestStore.Document("b.md", "Never drain the pump at night. Ask before you drain the pump."));

        var parts = await AskAsync(test, "drain the pump");

        var marks = parts.SkipLast(1).Select(part => part.Text![^3..]).ToArray();
        Assert.Equal(["[1]", "[1]", "[2]", "[2]"], marks);
        Assert.Equal(2, parts[^1].Citations!.Select(citation => citation.Passage.DocumentId).Distinct().Count());
        Assert.Single(parts.SkipLast(1), part => part.Text!.StartsWith("\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_heading_is_no_answer()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", "# How the pump is restarted\n\n## How the pump is restarted by hand\nPull the lever of the pump twice."));

        Assert.DoesNotContain("by hand", string.Concat((await AskAsync(test, "how the pump is restarted by hand")).Select(part => part.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("who won the chess tournament in Reykjavik")]
    [InlineData("the")]
    [InlineData("")]
    public async Task Where_nothing_answers_one_sentence_names_the_collection(string question)
    {
        using var test = Filled();

        var parts = await AskAsync(test, question);

        Assert.Equal("Nothing in the collection handbook answers this question.", string.Concat(parts.Select(part => part.Text)));
        Assert.All(parts, part => Assert.True(part.IsRefusal));
        Assert.Equal(("stop", 0), (parts[^1].FinishReason, parts[^1].Citations!.Count));
    }

    [Fact]
    public async Task Max_tokens_stops_at_the_end_of_a_sentence()
    {
        using var test = Filled();
        var whole = string.Concat((await AskAsync(test, "how do I restart the pump when the drain hangs")).Select(part => part.Text));

        for (var tokens = PlainCounter.Words(whole); tokens > 0; tokens--)
        {
            var parts = await AskAsync(test, "how do I restart the pump when the drain hangs", request => request with { MaxTokens = tokens });
            var content = string.Concat(parts.Select(part => part.Text));

            Assert.True(PlainCounter.Words(content) <= tokens);
            Assert.Equal(content == whole ? "stop" : "length", parts[^1].FinishReason);
            Assert.StartsWith(content, whole, StringComparison.Ordinal);
            Assert.True(content.Length == 0 || content.EndsWith(']'));
            Assert.All(parts[^1].Citations!, citation => Assert.Equal(citation.Text, Pump.Substring(citation.Start, citation.Length)));
        }
    }

    [Fact]
    public async Task A_stop_string_cuts_where_it_stands_even_across_sentences()
    {
        using var test = Filled();
        var whole = string.Concat((await AskAsync(test, "how do I restart the pump")).Select(part => part.Text));
        var stop = whole[(whole.IndexOf("[1] ", StringComparison.Ordinal) - 5)..(whole.IndexOf("[1] ", StringComparison.Ordinal) + 8)];

        var parts = await AskAsync(test, "how do I restart the pump", request => request with { Stop = ["never there", stop] });

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], string.Concat(parts.Select(part => part.Text)));
        Assert.Equal("stop", parts[^1].FinishReason);
        var citation = Assert.Single(parts[^1].Citations!);
        Assert.Equal(citation.Text, Pump.Substring(citation.Start, citation.Length));
        Assert.True(citation.AnswerEnd <= string.Concat(parts.Select(part => part.Text)).Length);
    }

    [Fact]
    public async Task A_sentence_longer_than_the_bound_is_cut_at_a_word_and_says_so()
    {
        using var test = new TestStore(new RetrievalOptions { AnswerWordsMax = 10 });
        test.Put(TestStore.Document("long.md", "The pump " + string.Concat(Enumerable.Range(1, 40).Select(number => $"part{number}  ")) + "ends."));

        var parts = await AskAsync(test, "pump");

        Assert.Equal("The pump part1 part2 part3 part4 part5 part6 part7 part8… [1]", string.Concat(parts.Select(part => part.Text)));
        Assert.Equal("length", parts[^1].FinishReason);
        var citation = Assert.Single(parts[^1].Citations!);
        Assert.EndsWith("part7  part8", citation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_is_longer_than_its_bound_of_words()
    {
        using var test = new TestStore(new RetrievalOptions { AnswerWordsMax = 20 });
        test.Put(TestStore.Document("long.md", string.Concat(Enumerable.Range(1, 60).Select(number => $"The pump has a part number {number}. "))));

        var content = string.Concat((await AskAsync(test, "pump part number")).Select(part => part.Text));

        Assert.InRange(PlainCounter.Words(content.Replace(" [1]", "", StringComparison.Ordinal)), 1, 20);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("logprobs")]
    [InlineData("top_logprobs")]
    [InlineData("response_format")]
    [InlineData("tool_choice")]
    [InlineData("messages[0].content")]
    [InlineData("model")]
    [InlineData("best_of")]
    public async Task What_sentences_cannot_give_is_refused_by_name(string param)
    {
        using var test = Filled();

        var parts = await AskAsync(test, "pump", request => param switch
        {
            "n" => request with { Choices = 2 },
            "best_of" => request with { OwnFault = new AnswerFault { Status = 400, Type = "invalid_request_error", Code = "unsupported_parameter", Param = "best_of", Message = "" } },
            "logprobs" => request with { WantsLogprobs = true },
            "top_logprobs" => request with { TopLogprobs = 3 },
            "response_format" => request with { ResponseFormat = Json("""{"type":"json_object"}""") },
            "tool_choice" => request with { ToolChoice = Json("\"required\"") },
            "messages[0].content" => request with { Messages = [request.Messages[0] with { HasMedia = true }] },
            _ => request,
        }, param == "model" ? CallKind.Completion : CallKind.Chat);

        var fault = Assert.Single(parts).Fault;
        Assert.NotNull(fault);
        Assert.Equal((400, "unsupported_parameter", param), (fault.Status, fault.Code, fault.Param));
    }

    [Fact]
    public async Task What_changes_nothing_passes()
    {
        using var test = Filled();

        var parts = await AskAsync(test, "how do I restart the pump", request => request with
        {
            Temperature = 2,
            Seed = 1,
            Tools = Json("[]"),
            ToolChoice = Json("\"auto\""),
            ResponseFormat = Json("""{"type":"text"}"""),
        });

        Assert.Null(parts[^1].Fault);
        Assert.Equal("stop", parts[^1].FinishReason);
    }

    [Fact]
    public async Task A_call_without_a_collection_says_which_names_carry_one()
    {
        using var test = Filled();
        var backend = new ExtractiveBackend(test.Store, new PlainCounter());
        var call = Call("pump", null);

        var fault = Assert.Single(await backend.AnswerAsync(call, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).Fault;

        Assert.Equal((400, "model"), (fault!.Status, fault.Param));
        Assert.EndsWith("ask one of extractive@handbook", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passages_of_another_retriever_are_answered_from_too()
    {
        using var test = Filled();
        var found = (await test.SearchAsync("restart the pump")) with { Collection = "elsewhere" };
        var backend = new ExtractiveBackend(test.Store, new PlainCounter());

        var parts = await backend.AnswerAsync(Call("restart the pump", found), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Contains("pumpctl restart. [1]", string.Concat(parts.Select(part => part.Text)), StringComparison.Ordinal);
    }

    private static TestStore Filled()
    {
        var test = new TestStore();
        test.Put(TestStore.Document("runbooks/pump.md", Pump));
        test.Put([.. Enumerable.Range(0, 20).Select(number => TestStore.Document($"{number}.md", $"Page {number} speaks of gauge {number} and its needle."))]);
        return test;
    }

    private static async Task<List<AnswerPart>> AskAsync(
        TestStore test, string question, Func<ChatRequest, ChatRequest>? change = null, CallKind kind = CallKind.Chat)
    {
        var call = Call(question, await test.SearchAsync(question));
        call = call with { Kind = kind, Request = change?.Invoke(call.Request) ?? call.Request };
        return await new ExtractiveBackend(test.Store, new PlainCounter()).AnswerAsync(call, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private static AnswerCall Call(string question, SearchResult? retrieved) => new()
    {
        RequestId = "r1",
        Kind = CallKind.Chat,
        Model = "extractive",
        Request = new ChatRequest { Messages = [new ChatMessage { Role = "user", Text = question }] },
        Body = default,
        Retrieved = retrieved,
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string Collapsed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
