using Holdfast.Pulling;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Pulling;

/// <summary>Pulls from a hub on loopback that misbehaves on demand.</summary>
public sealed class PullTests
{
    [Fact]
    public async Task A_file_arrives_whole_under_its_name_with_digest_and_licence()
    {
        await using var rig = new PullRig();

        rig.AssertWhole(await rig.PullAsync());

        Assert.Equal(rig.Bytes.Length, rig.Notes.Steps[^1]);
        Assert.Equal(rig.Notes.Steps.Order(), rig.Notes.Steps);
        Assert.Equal([false, false, true], rig.Hub.Received.Select(call => call.IsStore));
        Assert.Contains($"/resolve/{FakeHub.Commit}/", rig.Hub.Received[1].Request.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_pull_reads_what_is_here_and_transfers_nothing()
    {
        await using var rig = new PullRig();
        await rig.PullAsync();
        var calls = rig.Hub.Received.Count;

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains("is here already", Assert.Single(rig.Notes.Notes), StringComparison.Ordinal);
        Assert.Equal(calls + 1, rig.Hub.Received.Count);
    }

    [Fact]
    public async Task A_file_of_that_name_with_other_content_is_not_overwritten()
    {
        await using var rig = new PullRig();
        await File.WriteAllTextAsync(rig.Target, "mine");

        var fault = await rig.FaultAsync();

        Assert.Contains("is not overwritten", fault, StringComparison.Ordinal);
        Assert.Contains("--models DIR", fault, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(rig.Target));
    }

    [Fact]
    public async Task A_transfer_that_breaks_goes_on_with_the_next_byte()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => call.IsStore ? new HubFault { CutAfter = 300_000 } : HubFault.None;

        rig.AssertWhole(await rig.PullAsync());

        Assert.Equal([null, "bytes=300000-", "bytes=600000-", "bytes=900000-"], rig.Hub.Received.Where(call => call.IsStore).Select(call => call.Header("Range")));
        Assert.Equal(3, rig.Notes.Notes.Count(note => note.Contains("going on after", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Connections_that_bring_nothing_end_the_pull_and_keep_what_came()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, number) => call.IsStore ? new HubFault { CutAfter = number < 4 ? 1000 : 0 } : HubFault.None;

        Assert.Contains("the same command goes on", await rig.FaultAsync(), StringComparison.Ordinal);

        Assert.Equal(2, rig.Hub.Received.Count(call => call.IsStore));
        Assert.Equal(rig.Bytes[..1000], await File.ReadAllBytesAsync(rig.Partial));
        Assert.False(File.Exists(rig.Target));
    }

    [Fact]
    public async Task The_same_command_goes_on_where_the_last_one_ended()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(700_001);

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains("going on after 683.6 KiB", Assert.Single(rig.Notes.Notes), StringComparison.Ordinal);
        Assert.Equal(("bytes=700001-", FakeHub.TagOf(rig.Bytes)), (rig.Hub.Received[^1].Header("Range"), rig.Hub.Received[^1].Header("If-Range")));
    }

    [Fact]
    public async Task A_pull_that_is_stopped_leaves_a_beginning_to_go_on_from()
    {
        await using var rig = new PullRig();
        using var stop = new CancellationTokenSource();
        rig.Hub.Script = (call, _) => call.IsStore ? new HubFault { SilentAfter = 400_000 } : HubFault.None;
        rig.Notes.OnStep = done =>
        {
            if (done == 400_000)
            {
                stop.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.PullAsync(cancellationToken: stop.Token));
        Assert.Equal(rig.Bytes[..400_000], await File.ReadAllBytesAsync(rig.Partial));
        rig.Hub.Script = (_, _) => HubFault.None;

        rig.AssertWhole(await rig.PullAsync());
    }

    [Fact]
    public async Task A_file_that_changed_on_the_hub_starts_anew_and_says_so()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        rig.Bytes[10] ^= 1;

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains("has changed on the hub since the last try; starting anew", Assert.Single(rig.Notes.Notes), StringComparison.Ordinal);
        Assert.Null(rig.Hub.Received[^1].Header("Range"));
    }

    [Fact]
    public async Task A_store_whose_tag_changed_sends_all_and_the_beginning_is_forgotten()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        var note = rig.Partial + ".json";
        await File.WriteAllTextAsync(note, (await File.ReadAllTextAsync(note)).Replace("store-", "elder-", StringComparison.Ordinal));

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains(rig.Notes.Notes, text => text.Contains("sends the whole file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_knows_no_parts_is_read_from_the_start()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        rig.Hub.Script = (_, _) => new HubFault { IgnoresRange = true };

        rig.AssertWhole(await rig.PullAsync());
    }

    [Fact]
    public async Task A_refused_part_starts_anew()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        rig.Hub.Script = (call, _) => call.Header("Range") is not null && call.IsStore ? new HubFault { Status = 416 } : HubFault.None;

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains(rig.Notes.Notes, text => text.Contains("starting anew", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"source\":")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_beginning_whose_note_cannot_be_read_starts_anew(string text)
    {
        await using var rig = new PullRig();
        await File.WriteAllBytesAsync(rig.Partial, new byte[1000]);
        await File.WriteAllTextAsync(rig.Partial + ".json", text);

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains("has no note that says what it is; starting anew", Assert.Single(rig.Notes.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_digest_removes_the_file_and_shows_both()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => new HubFault { Corrupts = call.IsStore };
        var wrong = (byte[])rig.Bytes.Clone();
        wrong[^1] ^= 1;

        var fault = await rig.FaultAsync();

        Assert.Contains(FakeHub.Digest(rig.Bytes), fault, StringComparison.Ordinal);
        Assert.Contains(FakeHub.Digest(wrong), fault, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(rig.Folder));
    }

    [Fact]
    public async Task A_beginning_that_the_disk_spoilt_is_found_by_the_digest()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        var bytes = await File.ReadAllBytesAsync(rig.Partial);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(rig.Partial, bytes);

        Assert.Contains("was removed", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(rig.Folder));
        rig.AssertWhole(await rig.PullAsync());
    }

    [Fact]
    public async Task A_length_that_is_not_the_listed_one_is_refused_before_a_byte_is_taken()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => new HubFault { LiesBy = call.IsStore ? 5 : 0 };

        Assert.Contains($"announces {rig.Bytes.Length + 5} bytes", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(rig.Partial).Length);
    }

    [Fact]
    public async Task A_stream_without_a_length_may_not_be_longer_than_the_file()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => new HubFault { ChunkedWithExtra = call.IsStore ? 1 : null };

        Assert.Contains("sends more than", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(rig.Folder));
    }

    [Fact]
    public async Task A_part_from_another_place_is_refused_and_the_beginning_kept()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(500_000);
        rig.Hub.Script = (call, _) => new HubFault { StartsAt = call.IsStore ? 400_000 : null };

        Assert.Contains("when asked for byte 500000 on", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(500_000, new FileInfo(rig.Partial).Length);
    }

    [Fact]
    public async Task A_silent_server_is_left_after_a_while_and_asked_for_the_rest()
    {
        await using var rig = new PullRig();
        rig.Options = rig.Options with { StallTime = TimeSpan.FromMilliseconds(200) };
        rig.Hub.Script = (call, number) => call.IsStore && number == 2 ? new HubFault { SilentAfter = 100_000 } : HubFault.None;

        rig.AssertWhole(await rig.PullAsync());

        Assert.Contains("the server fell silent; going on", Assert.Single(rig.Notes.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_pulls_of_one_file_do_not_write_into_each_other()
    {
        await using var rig = new PullRig();
        using var first = new FileStream(rig.Partial, FileMode.Create, FileAccess.Write, FileShare.None);

        var fault = await rig.FaultAsync();

        Assert.Contains("being used by another process", fault, StringComparison.Ordinal);
        Assert.Contains(rig.Folder, fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_little_room_is_told_before_the_start()
    {
        await using var rig = new PullRig();
        rig.FreeBytes = _ => rig.Bytes.Length - 1;

        Assert.Contains("has room for 1024 KiB; 1 MiB are to come", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Hub.Received, call => call.IsStore);
    }

    [Fact]
    public async Task The_rest_of_a_beginning_needs_room_for_the_rest_alone()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(1_000_000);
        rig.FreeBytes = _ => rig.Bytes.Length - 1_000_000;

        rig.AssertWhole(await rig.PullAsync());
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_named_and_what_came_is_kept()
    {
        using var disk = Retrieval.SmallDisk.TryMount(512);
        Assert.SkipWhen(disk is null, "this user cannot mount a small disk");
        await using var rig = new PullRig();

        var fault = await rig.FaultAsync(folder: disk.Folder);

        Assert.Contains(disk.Folder, fault, StringComparison.Ordinal);
        Assert.Contains("No space left", fault, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(disk.Folder, PullRig.File + ".partial")).Length, 1, 512 << 10);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named_with_the_way_out()
    {
        await using var rig = new PullRig();
        var file = Path.Combine(rig.Folder, "a-file");
        await File.WriteAllTextAsync(file, "");

        var fault = await rig.FaultAsync(folder: Path.Combine(file, "models"));

        Assert.Contains(file, fault, StringComparison.Ordinal);
        Assert.Contains("--models DIR", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_the_catalogue_is_pinned_by_commit_and_digest()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => new HubFault { Status = 404 };

        await rig.FaultAsync("qwen3-0.6b");

        var entry = ModelCatalogue.Entries.Single(entry => entry.Name == "qwen3-0.6b");
        Assert.Equal($"/{entry.Repository}/resolve/{entry.Commit}/{entry.File}", Assert.Single(rig.Hub.Received).Request.Path);
    }
}
