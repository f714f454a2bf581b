using Holdfast.Pulling;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Pulling;

/// <summary>What the hub or the network says no with, and where the token goes.</summary>
public sealed class HubRefusalTests
{
    private const string Token = "hf_secretSecretSecret";

    [Fact]
    public async Task The_token_goes_to_the_hub_and_to_no_other_host()
    {
        await using var rig = new PullRig { Token = Token };
        rig.Hub.NeedsToken = Token;

        rig.AssertWhole(await rig.PullAsync());

        Assert.All(rig.Hub.Received, call => Assert.Equal(call.IsStore ? null : $"Bearer {Token}", call.Header("Authorization")));
        Assert.Single(rig.Hub.Received, call => call.IsStore);
    }

    [Fact]
    public async Task A_gated_repository_names_the_page_and_the_variable()
    {
        await using var rig = new PullRig();
        rig.Hub.NeedsToken = Token;

        var fault = await rig.FaultAsync();

        Assert.Contains($"{rig.Hub.Url}/{FakeHub.Repository}", fault, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(401, "X-Error-Code: GatedRepo\r\n")]
    [InlineData(403, "X-Error-Code: GatedRepo\r\n")]
    public async Task A_token_that_is_not_enough_is_said_to_be_so_and_not_shown(int status, string headers)
    {
        await using var rig = new PullRig { Token = Token };
        rig.Hub.Script = (_, _) => new HubFault { Status = status, Headers = headers };

        var fault = await rig.FaultAsync();

        Assert.Contains("HF_TOKEN", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "", "check the name")]
    [InlineData(429, "Retry-After: 17\r\n", "in 17 s")]
    [InlineData(503, "Retry-After: Sat, 01 Jan 2000 00:01:30 GMT\r\n", "in 90 s")]
    [InlineData(429, "", "come back later")]
    [InlineData(500, "", "answers 500")]
    public async Task A_refusal_says_what_to_do_and_is_not_retried(int status, string headers, string expected)
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (_, _) => new HubFault { Status = status, Headers = headers };

        Assert.Contains(expected, await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Single(rig.Hub.Received);
    }

    [Fact]
    public async Task A_store_that_refuses_is_named_without_its_signed_address()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => call.IsStore ? new HubFault { Status = 403 } : HubFault.None;

        Assert.DoesNotContain("Signature", await rig.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (call, _) => new HubFault { Status = 307, Headers = "Location: /again\r\n" };

        Assert.Contains("redirects more than 8 times", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(9, rig.Hub.Received.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Location: ftp://127.0.0.1/x\r\n")]
    [InlineData("Location: file:///etc/passwd\r\n")]
    public async Task A_redirect_to_nowhere_is_not_followed(string headers)
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (_, _) => new HubFault { Status = 302, Headers = headers };

        Assert.Contains("is not followed", await rig.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>a portal</html>")]
    [InlineData("[]")]
    [InlineData("{\"sha\":\"x\"}")]
    [InlineData("{\"siblings\":7,\"sha\":\"x\"}")]
    public async Task An_answer_that_is_no_listing_is_told(string listing)
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (_, _) => new HubFault { Listing = listing };

        Assert.Contains("does not answer as the hub does", await rig.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_digest_is_not_taken_on_trust()
    {
        await using var rig = new PullRig();
        rig.Hub.Script = (_, _) => new HubFault { Listing = """{"sha":"x","siblings":[{"rfilename":"a.gguf","size":7}]}""" };

        Assert.Contains("states no SHA-256", await rig.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_network_other_ways_are_shown()
    {
        await using var rig = new PullRig { Endpoint = $"http://127.0.0.1:{FakeVllm.ClosedPort()}" };

        var fault = await rig.FaultAsync();

        Assert.Contains($"{rig.Endpoint} cannot be reached", fault, StringComparison.Ordinal);
        Assert.Contains($"copy it into {rig.Folder}", fault, StringComparison.Ordinal);
        Assert.Contains("--models DIR", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ways_without_a_network_stand_on_lines_of_their_own_and_no_word_of_another_brings_one()
    {
        await using var rig = new PullRig { Endpoint = $"http://127.0.0.1:{FakeVllm.ClosedPort()}" };

        var lines = (await rig.FaultAsync(folder: Path.Combine(rig.Folder, "new\nline\u001b[2J"))).Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("  without a network: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  behind a proxy: ", lines[2], StringComparison.Ordinal);
        Assert.Contains("new\\u000aline\\u001b[2J", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(string.Concat(lines), char.IsControl);
        Assert.EndsWith("cannot be reached: a\\u000ab", new HubAwayException(new Uri("http://h"), "a\nb").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_goes_away_in_between_keeps_what_came()
    {
        await using var rig = new PullRig();
        await rig.BreakAfterAsync(300_000);
        rig.Endpoint = $"http://127.0.0.1:{FakeVllm.ClosedPort()}";

        Assert.Contains("what is here is kept", await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(300_000, new FileInfo(rig.Partial).Length);
    }

    [Theory]
    [InlineData("huggingface.co", null, "must be an address")]
    [InlineData("ftp://huggingface.co", null, "must be an address")]
    [InlineData("https://me:pw@huggingface.co", null, "must be an address")]
    [InlineData("http://mirror.example", Token, "in the clear")]
    [InlineData(null, "hf_a\nb", "characters that no token has")]
    public async Task Settings_that_cannot_be_meant_are_refused(string? endpoint, string? token, string expected)
    {
        await using var rig = new PullRig { Endpoint = endpoint, Token = token };

        Assert.Contains(expected, await rig.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(rig.Hub.Received);
    }
}
