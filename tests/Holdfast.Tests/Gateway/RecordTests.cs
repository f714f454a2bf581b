using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Records;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Tests.Gateway;

public sealed class RecordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("holdfast-records-").FullName;
    private int _next;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Exchange Exchange(int bodyBytes = 10, string text = "x")
    {
        var x = new Exchange($"01TEST{_next++:0000000000}", DateTimeOffset.UnixEpoch.AddDays(20_000), TimeProvider.System, "POST /v1/chat/completions")
        {
            KeyName = "up",
            Status = 200,
            Usage = new TokenUsage(3, 2, null, UsageSource.Counted),
            Received = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, bodyBytes))),
        };
        x.Begin();
        x.End("parse", "ok");
        return x;
    }

    private (RecordBook Book, GatewayMeters Meters) Open(RecordOptions? options = null)
    {
        var meters = new GatewayMeters();
        var book = new RecordBook(new GatewayFolder(_folder), new GatewayOptions { Records = options ?? new RecordOptions { DiskRetry = TimeSpan.FromMilliseconds(10) } }, meters, TimeProvider.System, NullLogger<RecordBook>.Instance);
        return (book, meters);
    }

    private static async Task CloseAsync(RecordBook book)
    {
        await book.StopAsync(Token);
        book.Dispose();
    }

    private List<(string Id, long Sequence, int? Prompt)> Rows()
    {
        using var connection = new SqliteConnection($"Data Source={RecordIndex.PathIn(_folder)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select id, sequence, prompt_tokens from requests order by sequence";
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long, int?)>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt32(2)));
        }

        return rows;
    }

    [Fact]
    public async Task A_trace_is_readable_from_memory_at_once_and_from_disk_after_a_restart()
    {
        var (book, _) = Open();
        await book.StartAsync(Token);
        var x = Exchange();
        book.Add(x);
        Assert.Equal(x.Id, (await book.FindAsync(x.Id, Token))!.Id);
        Assert.Equal(x.Id, (await book.ListAsync(10, null, Token)).Single().Id);
        await CloseAsync(book);

        var archive = new TraceArchive(_folder);
        var trace = await archive.FindAsync(x.Id, Token);
        Assert.Equal("xxxxxxxxxx", trace!.Received.Body);
        Assert.Equal("parse", trace.Stages.Single().Name);
        Assert.Equal(3, trace.Usage!.PromptTokens);
        Assert.Null(await archive.FindAsync("no-such", Token));
    }

    [Fact]
    public async Task The_list_pages_backwards_through_memory_and_disk()
    {
        var (book, _) = Open(new RecordOptions { RecentBytesMax = 1 << 16 });
        await book.StartAsync(Token);
        var ids = Enumerable.Range(0, 200).Select(_ => Exchange()).Select(x =>
        {
            book.Add(x);
            return x.Id;
        }).Reverse().ToList();
        await CloseAsync(book);
        (book, _) = Open();
        await book.StartAsync(Token);
        var seen = new List<string>();
        while (await book.ListAsync(7, seen.LastOrDefault(), Token) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(r => r.Id));
        }

        Assert.Equal(ids, seen);
        await CloseAsync(book);
    }

    [Fact]
    public async Task A_disk_that_refuses_stops_nothing_and_every_row_is_written_once_when_it_comes_back()
    {
        // A folder in the place of the database: the disk says no until it is gone.
        Directory.CreateDirectory(RecordIndex.PathIn(_folder));
        var (book, meters) = Open();
        using var metrics = new PrometheusText(meters);
        await book.StartAsync(Token);
        for (var i = 0; i < 600; i++)
        {
            book.Add(Exchange());
        }

        Assert.Contains("holdfast_record_rows_waiting 600", metrics.Write(), StringComparison.Ordinal);
        Assert.NotNull(await book.FindAsync("01TEST0000000599", Token));
        Directory.Delete(RecordIndex.PathIn(_folder));
        while (book.RowsWaiting > 0)
        {
            await Task.Yield();
        }

        await CloseAsync(book);
        var rows = Rows();
        Assert.Equal(Enumerable.Range(1, 600).Select(i => (long)i), rows.Select(r => r.Sequence));
        Assert.All(rows, r => Assert.Equal(3, r.Prompt));
        Assert.Contains("holdfast_record_rows_waiting 0", metrics.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_spool_loses_the_oldest_row_and_counts_it()
    {
        Directory.CreateDirectory(RecordIndex.PathIn(_folder));
        var (book, meters) = Open(new RecordOptions { SpooledRowsMax = 10, DiskRetry = TimeSpan.FromMinutes(1) });
        using var metrics = new PrometheusText(meters);
        await book.StartAsync(Token);
        for (var i = 0; i < 1_000; i++)
        {
            book.Add(Exchange());
        }

        // The loop holds at most one batch outside of the spool.
        Assert.InRange(book.RowsWaiting, 10, 10 + RecordWriter.BatchMax);
        Assert.Contains($"holdfast_record_rows_lost_total {1_000 - book.RowsWaiting}", metrics.Write(), StringComparison.Ordinal);
        await CloseAsync(book);
    }

    [Fact]
    public async Task What_a_kill_took_is_named_at_the_next_start_by_its_last_number()
    {
        var (book, _) = Open();
        await book.StartAsync(Token);
        book.Add(Exchange());
        book.Add(Exchange());
        await CloseAsync(book);

        // A process that is killed with three rows in memory: they were numbered and never written.
        using (var mark = new SequenceMark(_folder))
        {
            mark.Write(5);
        }

        (book, _) = Open();
        await book.StartAsync(Token);
        Assert.Equal("requests 3 to 5 of the run before are not in the record: it ended before they were written; the last kept is 2", book.Loss);
        var x = Exchange();
        book.Add(x);
        Assert.Equal(6, x.Sequence);
        await CloseAsync(book);
    }

    [Fact]
    public async Task A_trace_that_was_written_before_its_row_gets_its_row_at_the_next_start()
    {
        var (book, _) = Open();
        await book.StartAsync(Token);
        for (var i = 0; i < 5; i++)
        {
            book.Add(Exchange());
        }

        await CloseAsync(book);
        using (var connection = new SqliteConnection($"Data Source={RecordIndex.PathIn(_folder)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "delete from requests where sequence > 3";
            Assert.Equal(2, command.ExecuteNonQuery());
        }

        // Half a line, as a kill leaves it.
        File.AppendAllText(Directory.GetFiles(TraceFiles.FolderIn(_folder)).Single(), "{\"sequence\":9,\"tra");
        (book, _) = Open();
        await book.StartAsync(Token);
        Assert.Null(book.Loss);
        book.Add(Exchange());
        await CloseAsync(book);
        Assert.Equal([1, 2, 3, 4, 5, 6], Rows().Select(r => r.Sequence));
        Assert.NotNull(await new TraceArchive(_folder).FindAsync("01TEST0000000005", Token));
    }

    [Fact]
    public async Task Trace_files_are_dropped_whole_oldest_first_and_a_dropped_trace_says_so()
    {
        var (book, _) = Open(new RecordOptions { FileBytesMax = 1 << 16, FilesBytesMax = 1 << 20, RecentBytesMax = 1 << 16 });
        await book.StartAsync(Token);
        for (var i = 0; i < 100; i++)
        {
            book.Add(Exchange(30_000));
            while (book.RowsWaiting > 0)
            {
                await Task.Yield();
            }
        }

        await CloseAsync(book);
        var files = new DirectoryInfo(TraceFiles.FolderIn(_folder)).GetFiles();
        Assert.InRange(files.Sum(f => f.Length), 1 << 18, 1 << 20);
        var gone = await new TraceArchive(_folder).FindAsync("01TEST0000000000", Token);
        Assert.Contains("its file was the oldest at the cap", gone!.Warnings.Single(), StringComparison.Ordinal);
        Assert.NotNull((await new TraceArchive(_folder).FindAsync("01TEST0000000099", Token))!.Received.Body);
    }

    [Fact]
    public async Task Secrets_do_not_reach_the_disk_and_a_body_that_is_cut_says_so()
    {
        var secrets = new[] { "hf-0123456789abcdefXYZ", "sk-proj-0123456789abcdef", "ghp_0123456789012345678901", "AKIA0123456789ABCDEF" };
        var (book, _) = Open(new RecordOptions { BodyBytesMax = 400 });
        await book.StartAsync(Token);
        var x = Exchange();
        x.Received = JsonSerializer.SerializeToUtf8Bytes(new { a = string.Join(" ", secrets), api_key = "plainsecret", password = "p\"w\\x", rest = new string('ä', 1_000) });
        x.ReceivedHeaders = [new("Authorization", "Bearer abc"), new("Cookie", "holdfast-session=abc"), new("X-Other", "sk-0123456789abcdef01")];
        book.Add(x);
        await CloseAsync(book);
        var disk = string.Concat(Directory.GetFiles(TraceFiles.FolderIn(_folder)).Select(File.ReadAllText));
        foreach (var secret in secrets.Append("plainsecret").Append("Bearer abc").Append("session=abc"))
        {
            Assert.DoesNotContain(secret, disk, StringComparison.Ordinal);
        }

        var trace = await new TraceArchive(_folder).FindAsync(x.Id, Token);
        Assert.Contains(trace!.Warnings, w => w.StartsWith("received.body is cut in this record: ", StringComparison.Ordinal) && w.Contains($"of {x.Received.Length} bytes", StringComparison.Ordinal));
        Assert.Equal(x.Received.Length, trace.Received.BodyBytes);
        Assert.Null(trace.Received.BodyEncoding);
    }

    [Fact]
    public async Task A_body_that_is_not_text_is_kept_as_base64()
    {
        var (book, _) = Open();
        await book.StartAsync(Token);
        var x = Exchange();
        x.Received = new byte[] { 0xFF, 0x00, 0x80 };
        book.Add(x);
        await CloseAsync(book);
        var trace = await new TraceArchive(_folder).FindAsync(x.Id, Token);
        Assert.Equal(("base64", "/wCA"), (trace!.Received.BodyEncoding, trace.Received.Body));
    }

    [Fact]
    public async Task Content_is_dropped_and_counted_when_the_disk_is_too_slow_and_the_row_is_not()
    {
        Directory.CreateDirectory(RecordIndex.PathIn(_folder));
        var (book, meters) = Open(new RecordOptions { WaitingBytesMax = 1 << 16, DiskRetry = TimeSpan.FromMilliseconds(10) });
        using var metrics = new PrometheusText(meters);
        await book.StartAsync(Token);
        for (var i = 0; i < 20; i++)
        {
            book.Add(Exchange(10_000));
        }

        var text = metrics.Write();
        Assert.Contains("holdfast_records_dropped_total 15", text, StringComparison.Ordinal);
        Directory.Delete(RecordIndex.PathIn(_folder));
        while (book.RowsWaiting > 0)
        {
            await Task.Yield();
        }

        await CloseAsync(book);
        Assert.Equal(20, Rows().Count);
        Assert.Contains("was dropped", (await new TraceArchive(_folder).FindAsync("01TEST0000000019", Token))!.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_answered_while_the_disk_refuses()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        Directory.CreateDirectory(RecordIndex.PathIn(folder));
        await using var host = await GatewayHost.StartAsync(o => o with { Records = o.Records with { DiskRetry = TimeSpan.FromMilliseconds(10) } }, [ScriptedBackend.Hello()], folder: folder);
        for (var i = 0; i < 5; i++)
        {
            var (head, _) = await host.PostAsync("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"x"}]}""");
            Assert.Equal(200, (int)head.StatusCode);
            Assert.Equal(200, (await host.TraceAsync(head)).GetProperty("status").GetInt32());
        }

        Assert.Equal(5, host.Services.GetRequiredService<RecordBook>().RowsWaiting);
        Directory.Delete(RecordIndex.PathIn(folder));
    }
}
