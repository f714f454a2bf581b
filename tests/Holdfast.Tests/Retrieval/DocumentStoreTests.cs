using Holdfast.Abstractions.Reading;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Tests.Retrieval;

public sealed class DocumentStoreTests
{
    private const string Long = "Café — 泵 🛠 restart.";

    [Fact]
    public async Task A_document_comes_back_as_it_was_put()
    {
        using var test = new TestStore();
        var text = string.Concat(Enumerable.Repeat(Long + "\n\n", 700)) + "\ud83dlone";
        var put = TestStore.Document("guides/a.md", text, ("owner", "ops"), ("level", 3.5), ("draft", true)) with
        {
            Text = PlainSplitter.Split("A", text, ("owner", "ops"), ("level", 3.5), ("draft", true)) with
            {
                Pages = [new PageSpan(1, 0, 10)],
                Headings = [new HeadingSpan(2, 0, 4)],
                Cleaned = [new RuleCount("nul", 3)],
            },
        };

        var outcome = Assert.Single(test.Put(put));
        var found = await test.Store.FindAsync(outcome.DocumentId, TestContext.Current.CancellationToken);

        Assert.NotNull(found);
        // Half of a pair has no UTF-8: it comes back as the sign for an unreadable character, in the same place.
        Assert.Equal(text.Replace('\ud83d', '\ufffd').Length, found.Text.Length);
        Assert.StartsWith(Long, found.Text, StringComparison.Ordinal);
        Assert.Equal(put.Text.Passages, found.Passages);
        Assert.Equal([new PageSpan(1, 0, 10)], found.Pages);
        Assert.Equal([new HeadingSpan(2, 0, 4)], found.Headings);
        Assert.Equal([new RuleCount("nul", 3)], found.Row.Cleaned);
        Assert.Equal(new Dictionary<string, object> { ["draft"] = true, ["level"] = 3.5, ["owner"] = "ops" }, found.Row.Attributes);
        Assert.Equal(("guides/a.md", "A", test.Time.GetUtcNow()), (found.Row.Path, found.Row.Title, found.Row.AddedAt));
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public async Task Every_passage_is_read_back_exactly_across_blocks_and_pairs()
    {
        using var test = new TestStore();
        var text = string.Concat(Enumerable.Range(0, 900).Select(number => $"pump{number} 🛠🛠🛠🛠🛠🛠\n\n"));
        test.Put(TestStore.Document("a.txt", text));

        foreach (var number in new[] { 0, 1, 203, 204, 205, 206, 450, 899 })
        {
            var result = await test.SearchAsync($"pump{number}", topK: 1);
            Assert.Equal($"pump{number} 🛠🛠🛠🛠🛠🛠", Assert.Single(result.Passages).Text);
        }
    }

    [Fact]
    public async Task Putting_a_path_again_replaces_the_document()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.txt", "The pump is blue."));
        test.Put(TestStore.Document("a.txt", "The valve is red."));

        Assert.Empty((await test.SearchAsync("pump")).Passages);
        Assert.Single((await test.SearchAsync("valve")).Passages);
        Assert.Equal((1, 1), (test.Store.Collections[0].Documents, test.Store.Collections[0].Passages));
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public async Task A_quarantined_file_is_listed_with_its_reason_and_never_found()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.txt", "The pump is blue."));
        test.Put(new PutQuarantined { Path = "a.txt", Bytes = 9, ContentHash = "h", Reason = "encrypted" });

        Assert.Empty((await test.SearchAsync("pump")).Passages);
        var row = Assert.Single(await test.Store.ListAsync(new DocumentFilter { IsQuarantined = true }, TestContext.Current.CancellationToken));
        Assert.Equal(("a.txt", "encrypted", 0), (row.Path, row.Quarantine, row.Passages));
        Assert.Equal((0, 1), (test.Store.Collections[0].Documents, test.Store.Collections[0].Quarantined));
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public async Task A_document_with_too_many_passages_is_quarantined_by_the_name_of_the_bound()
    {
        using var test = new TestStore(new RetrievalOptions { PassagesPerDocumentMax = 2 });

        var outcome = Assert.Single(test.Put(TestStore.Document("a.txt", "one\n\ntwo\n\nthree")));

        Assert.Equal("cut into 3 passages, at most 2 are taken (retrieval.passagesPerDocumentMax)", outcome.Quarantine);
        Assert.Empty((await test.SearchAsync("three")).Passages);
    }

    [Fact]
    public void Fingerprints_tell_what_is_stored_after_a_restart_too()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("b.txt", "two"), new PutQuarantined { Path = "a.pdf", Bytes = 5, ModifiedTicks = 3, ContentHash = "h", Reason = "encrypted" });
        test.Put(new TouchDocument(DocumentStore.IdFor(TestStore.Collection, "b.txt"), 99));
        test.Reopen();

        Assert.Equal(
            [
                new DocumentFingerprint("a.pdf", DocumentStore.IdFor(TestStore.Collection, "a.pdf"), "h", 5, 3, IsQuarantined: true),
                new DocumentFingerprint("b.txt", DocumentStore.IdFor(TestStore.Collection, "b.txt"), "hash of b.txt", 3, 99, IsQuarantined: false),
            ],
            test.Store.Fingerprints(TestStore.Collection));
        Assert.Empty(test.Store.Fingerprints("other"));
    }

    [Fact]
    public void An_id_follows_from_collection_and_path()
    {
        // printf 'handbook\0runbooks/pump.md' | sha256sum
        Assert.Equal("doc-928d74e344f0eb926633fd20", DocumentStore.IdFor("handbook", "runbooks/pump.md"));
        Assert.NotEqual(DocumentStore.IdFor("a", "b/c"), DocumentStore.IdFor("a/b", "c"));
    }

    [Fact]
    public async Task Rows_are_paged_by_path_without_loss()
    {
        using var test = new TestStore();
        test.Put([.. Enumerable.Range(0, 25).Select(number => TestStore.Document($"{number % 5}/{number:D2}.txt", "text"))]);

        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await test.Store.ListAsync(new DocumentFilter { Collection = TestStore.Collection, After = after, Limit = 4 }, TestContext.Current.CancellationToken);
            seen.AddRange(page.Select(row => row.Path));
            if (page.Count < 4)
            {
                break;
            }

            after = page[^1].Id;
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(25, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_removed_collection_takes_everything_along_and_can_be_made_again()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.txt", "The pump is blue."));
        await test.SearchAsync("pump");

        Assert.True(test.Store.RemoveCollection(TestStore.Collection));
        Assert.False(test.Store.RemoveCollection(TestStore.Collection));
        Assert.True((await test.SearchAsync("pump")).Fault!.IsUnknownCollection);
        Assert.True(test.Store.CreateCollection(TestStore.Collection));
        Assert.False(test.Store.CreateCollection(TestStore.Collection));
        Assert.Empty((await test.SearchAsync("pump")).Passages);
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public void A_document_is_removed_from_its_own_collection_only()
    {
        using var test = new TestStore();
        var id = Assert.Single(test.Put(TestStore.Document("a.txt", "The pump is blue."))).DocumentId;
        test.Store.CreateCollection("other");

        Assert.False(test.Store.Remove("other", id));
        Assert.True(test.Store.Remove(TestStore.Collection, id));
        Assert.False(test.Store.Remove(TestStore.Collection, id));
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public void A_passage_outside_its_text_stores_nothing_of_the_batch()
    {
        using var test = new TestStore();
        var bad = TestStore.Document("b.txt", "short");
        bad = bad with { Text = bad.Text with { Passages = [new PassageSpan(3, 9, null, null)] } };

        Assert.Throws<ArgumentException>(() => test.Put(TestStore.Document("a.txt", "fine"), bad));

        Assert.Empty(test.Store.Collections);
        Assert.Empty(test.Store.Check());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a b")]
    [InlineData("x'; DROP TABLE document; --")]
    public void A_collection_with_a_bad_name_is_refused(string name)
    {
        using var test = new TestStore();
        Assert.Throws<ArgumentException>(() => test.Store.CreateCollection(name));
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public void The_check_finds_a_broken_rule()
    {
        using var test = new TestStore();
        test.Put(TestStore.Document("a.txt", "one\n\ntwo"));
        test.Store.Dispose();
        using (var connection = StoreConnection.OpenWriter(test.Path, new RetrievalOptions()))
        {
            connection.Run("DELETE FROM passage WHERE number = 1");
            var faults = StoreCheck.Run(connection);
            Assert.Contains("1 documents whose passages are not all there", faults);
            Assert.Contains("1 entries in the index of handbook without a passage", faults);
            connection.Run("DELETE FROM term_1 WHERE rowid = 2");
        }

        var fault = Assert.Throws<StoreException>(test.Reopen);
        Assert.Equal(StoreTrouble.Damaged, fault.Trouble);
        Assert.Contains("collection handbook counts 2 passages, its index holds 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_options_come_together()
    {
        var faults = new RetrievalOptions { ReadersMax = 0, RefuseBelow = 0.9, SureFrom = 0.5, AnswerWordsMax = -1 }.Faults();

        Assert.Equal(
            [
                "retrieval.readersMax is 0; it must lie in [1, 64]",
                "retrieval.answerWordsMax is -1; it must lie in [1, 2000]",
                "retrieval.sureFrom is 0.5; it must not lie below retrieval.refuseBelow (0.9)",
            ],
            faults);
        Assert.Empty(new RetrievalOptions().Faults());
    }
}
