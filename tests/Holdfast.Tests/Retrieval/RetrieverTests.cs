using CsCheck;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Tests.Retrieval;

public sealed class RetrieverTests
{
    private const string Pump = """
        # Restarting

        To restart the pump, drain it first with pumpctl drain --wait and check the ledger lock.

        # Errors

        ERR_42 means that the valve of the cooling loop is stuck open.

        The function os.path.join joins two paths; max_workers bounds the pool.
        """;

    [Theory]
    [InlineData("how do I restart the pump?", "To restart the pump")]
    [InlineData("ERR_42", "ERR_42 means")]
    [InlineData("err-42", "ERR_42 means")]
    [InlineData("os.path.join(", "The function os.path.join")]
    [InlineData("maxWorkers", "The function os.path.join")]
    [InlineData("restarting", "To restart the pump")]
    [InlineData("valves", "ERR_42 means")]
    [InlineData("pumpctl --wait", "To restart the pump")]
    [InlineData("two", "The function os.path.join")]
    public async Task A_question_finds_its_passage(string question, string starts)
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("runbooks/pump.md", Pump));

        var passage = (await test.SearchAsync(question)).Passages[0];

        Assert.StartsWith(starts, passage.Text, StringComparison.Ordinal);
        Assert.Equal(Pump.Substring(passage.Start, passage.Length), passage.Text);
        Assert.InRange(passage.Score, 0.000001, 1);
        Assert.Equal("runbooks/pump.md", passage.Document);
        Assert.Equal(1, passage.LexicalRank);
    }

    [Theory]
    [InlineData("how do I restart the pump?")]
    [InlineData("a-b")]
    [InlineData("\"unclosed")]
    [InlineData("NEAR(pump restart, 2)")]
    [InlineData("body : pump")]
    [InlineData("{title} : pump* ^x")]
    [InlineData("pump AND NOT (restart OR")]
    [InlineData("'; DROP TABLE document; --")]
    [InlineData("\0pump\0")]
    [InlineData("-pump +restart ")]
    [InlineData("")]
    [InlineData("???")]
    public async Task What_a_user_types_is_never_syntax(string question)
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));

        var result = await test.SearchAsync(question);

        Assert.Null(result.Fault);
        Assert.Equal(question, result.Query);
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public async Task Any_question_is_answered_without_a_fault()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));
        var questions = new List<string>();
        Gen.String[Gen.OneOf(Gen.Char["\"'()*:^-+{}.,ANDORNT pump_42é泵\0\n"], Gen.Char), 0, 60].Sample(questions.Add, seed: "0003KSfYpPz1", iter: 500, threads: 1);

        foreach (var question in questions)
        {
            Assert.Null((await test.SearchAsync(question)).Fault);
        }

        Assert.NotEmpty(questions);
    }

    [Fact]
    public async Task A_question_of_a_megabyte_is_cut_to_its_bounds()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));

        var result = await test.SearchAsync("pump " + string.Concat(Enumerable.Range(0, 150_000).Select(number => $"w{number} ")));

        Assert.StartsWith("To restart the pump", Assert.Single(result.Passages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_collection_is_a_fault_that_names_the_known_ones()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));

        var result = await test.Retriever.SearchAsync(new SearchQuery { Collection = "nope", Text = "pump" }, TestContext.Current.CancellationToken);

        Assert.Equal(new SearchFault(true, "collection", "there is no collection 'nope'; known are handbook"), result.Fault);
        Assert.Empty(result.Passages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_number_of_passages_out_of_bounds_is_a_fault(int topK)
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));
        Assert.Equal("topK", (await test.SearchAsync("pump", topK: topK)).Fault!.Param);
    }

    [Fact]
    public async Task A_search_explains_what_ran()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump), TestStore.Document("b.md", "Nothing of that kind."));

        var explain = (await test.SearchAsync("how to restart the pump")).Explain;

        Assert.Equal("""term index ("restart" OR "pump"), best 1 of 1 ranked again""", explain!.Plan);
        Assert.Equal(1, explain.Matches);
    }

    [Fact]
    public async Task Collections_do_not_see_each_other()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", Pump));
        test.Store.Apply("other", [TestStore.Document("a.md", "The pump of the other house is green.")]);

        Assert.DoesNotContain((await test.SearchAsync("pump")).Passages, passage => passage.Text.Contains("green", StringComparison.Ordinal));
        Assert.Equal(["handbook", "other"], test.Retriever.Collections.Select(collection => collection.Name));
    }

    [Theory]
    [InlineData("how do I restart the pump", AnswerabilityVerdict.Yes)]
    [InlineData("who won the chess tournament in Reykjavik", AnswerabilityVerdict.No)]
    [InlineData("pump warranty period in Norway after purchase", AnswerabilityVerdict.No)]
    public async Task The_verdict_follows_the_share_of_the_question_that_is_covered(string question, AnswerabilityVerdict verdict)
    {
        using var test = new TestStore();
        test.Put([.. Enumerable.Range(0, 30).Select(number => TestStore.Document($"{number}.md", $"Page {number} speaks of gauge {number} alone."))]);
        test.Put(TestStore.Document("a.md", Pump));

        Assert.Equal(verdict, (await test.SearchAsync(question)).Answerable.Verdict);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_a_statement_that_would_run_for_ever()
    {
        using var test = new TestStore();
        using var gone = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Store.ReadAsync(
            connection =>
            {
                using var rows = connection.Query("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n");
                Assert.True(rows.Read());
                gone.Cancel();
                while (rows.Read())
                {
                    Assert.InRange(rows.GetInt64(0), 1, 1_000_000);
                }

                return 0;
            },
            gone.Token));

        // The connection is as good as before.
        test.Put(TestStore.Document("a.md", Pump));
        Assert.NotEmpty((await test.SearchAsync("pump")).Passages);
    }

    [Fact]
    public async Task Text_without_spaces_is_found_by_neighbouring_signs()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.md", "要重新启动泵，请先排空。\n\n阀门卡住了。"));

        Assert.StartsWith("要重新启动泵", (await test.SearchAsync("如何重新启动泵")).Passages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_and_writes_at_the_same_time_see_whole_batches_only()
    {
        using var test = new TestStore();
        test.Put(Generation(0));
        using var stop = new CancellationTokenSource();
        var seen = 0;
        var searches = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var result = await test.SearchAsync("pump", topK: 20);
                Assert.Equal(5, result.Passages.Count);
                Assert.Single(result.Passages.Select(passage => passage.Text).Distinct());
                Interlocked.Increment(ref seen);
            }
        }, CancellationToken.None)).ToArray();

        // The writer goes on until the readers have had their turns; a reader that failed ends it too.
        for (var number = 1; Volatile.Read(ref seen) < 200 && !Array.Exists(searches, search => search.IsCompleted); number++)
        {
            test.Put(Generation(number));
        }

        await stop.CancelAsync();
        await Task.WhenAll(searches);
        Assert.Empty(test.Store.Check());

        static Holdfast.Retrieval.Storing.StoreChange[] Generation(int number) =>
            [.. Enumerable.Range(0, 5).Select(file => TestStore.Document($"{file}.md", $"The pump of generation {number}."))];
    }
}
