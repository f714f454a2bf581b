using Holdfast.Retrieval;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Tests.Retrieval;

public sealed class StoreTroubleTests
{
    private static readonly string Filler = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"word{number} fills the page.\n\n"));

    [Fact]
    public async Task A_full_store_takes_nothing_of_the_batch_and_goes_on_serving()
    {
        using var test = new TestStore(new RetrievalOptions { StorePagesMax = 150 });
        test.Put(TestStore.Document("small.txt", "The pump is blue."));

        var fault = Assert.Throws<StoreException>(() => test.Put(TestStore.Document("next.txt", "The valve is red."), TestStore.Document("big.txt", Filler)));

        Assert.Equal(StoreTrouble.DiskFull, fault.Trouble);
        Assert.StartsWith("no room left to write ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        await AssertOnlySmallAsync(test);
        test.Put(TestStore.Document("next.txt", "The valve is red."));
        Assert.Single((await test.SearchAsync("valve")).Passages);
        test.Reopen();
        Assert.Empty(test.Store.Check());
    }

    [Fact]
    public async Task A_full_disk_takes_nothing_of_the_batch_and_goes_on_serving()
    {
        using var disk = SmallDisk.TryMount(kibibytes: 1_024);
        Assert.SkipWhen(disk is null, "a small file system cannot be mounted here");
        using var store = new DocumentStore(Path.Combine(disk.Folder, "documents.db"), new RetrievalOptions(), TimeProvider.System);
        store.Apply(TestStore.Collection, [TestStore.Document("small.txt", "The pump is blue.")]);

        var fault = Assert.Throws<StoreException>(() => store.Apply(TestStore.Collection, [TestStore.Document("next.txt", "red"), TestStore.Document("big.txt", Filler)]));

        Assert.Equal(StoreTrouble.DiskFull, fault.Trouble);
        Assert.Equal(1, store.Collections[0].Documents);
        Assert.Equal("small.txt", Assert.Single(await store.ListAsync(new() { Limit = 10 }, TestContext.Current.CancellationToken)).Path);
        Assert.Empty(store.Check());
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_with_the_remedy()
    {
        using var test = new TestStore();
        test.Store.Dispose();
        File.WriteAllText(test.Path, new string('x', 10_000));

        var fault = Assert.Throws<StoreException>(test.Reopen);

        Assert.Equal(StoreTrouble.Damaged, fault.Trouble);
        Assert.Contains("move it away and start again", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        using var test = new TestStore();
        test.Store.Dispose();
        using (var connection = StoreConnection.OpenWriter(test.Path, new RetrievalOptions()))
        {
            connection.Run("PRAGMA application_id=7");
        }

        Assert.Contains("a database of another program", Assert.Throws<StoreException>(test.Reopen).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_left_alone()
    {
        using var test = new TestStore();
        test.Store.Dispose();
        using (var connection = StoreConnection.OpenWriter(test.Path, new RetrievalOptions()))
        {
            connection.Run("PRAGMA user_version=99");
        }

        var fault = Assert.Throws<StoreException>(test.Reopen);
        Assert.Equal(StoreTrouble.TooNew, fault.Trouble);
        Assert.Contains("format 99, this one knows 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var test = new TestStore();
        var inside = Path.Combine(test.Path, "below", "documents.db");

        var fault = Assert.Throws<StoreException>(() => new DocumentStore(inside, new RetrievalOptions(), TimeProvider.System));

        Assert.Equal(StoreTrouble.ReadOnly, fault.Trouble);
        Assert.Contains(inside, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_of_another_process_is_named_after_the_wait()
    {
        using var test = new TestStore(new RetrievalOptions { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using var other = StoreConnection.OpenWriter(test.Path, new RetrievalOptions());
        other.Run("BEGIN IMMEDIATE");

        var fault = Assert.Throws<StoreException>(() => test.Put(TestStore.Document("a.txt", "text")));

        Assert.Equal(StoreTrouble.Busy, fault.Trouble);
        other.Run("ROLLBACK");
        test.Put(TestStore.Document("a.txt", "text"));
        Assert.Empty(test.Store.Check());
    }

    private static async Task AssertOnlySmallAsync(TestStore test)
    {
        Assert.Equal(1, test.Store.Collections[0].Documents);
        Assert.Equal("small.txt", Assert.Single((await test.SearchAsync("pump")).Passages).Document);
        Assert.Empty((await test.SearchAsync("valve")).Passages);
        Assert.Empty((await test.SearchAsync("word17")).Passages);
        Assert.Empty(test.Store.Check());
    }
}
