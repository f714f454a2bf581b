using System.Net;
using System.Text.Json;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;

namespace Holdfast.Tests.Gateway;

public sealed class KeyTests
{
    [Fact]
    public async Task Without_a_key_only_health_readiness_assets_and_sign_in_answer()
    {
        await using var host = await GatewayHost.StartAsync();
        using var stranger = host.Client(null);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        foreach (var path in new[] { "/v1/models", "/admin/requests", "/metrics", "/", "/nothing", "/v1/files" })
        {
            var (head, body) = await host.GetAsync(path, stranger);
            Assert.Equal(401, (int)head.StatusCode);
            Assert.Equal("Bearer", head.Headers.WwwAuthenticate.ToString());
            Assert.Equal("invalid_api_key", body.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_wrong_key_is_401_a_revoked_key_says_so_and_a_client_key_opens_v1_alone()
    {
        await using var host = await GatewayHost.StartAsync();
        using var wrong = host.Client("hf-wrong");
        var (head, body) = await host.GetAsync("/v1/models", wrong);
        Assert.Equal(401, (int)head.StatusCode);
        Assert.Equal("The key is not known here.", body.GetProperty("error").GetProperty("message").GetString());

        var (created, key) = await host.PostAsync("/admin/keys", """{"name":"ci"}""");
        Assert.Equal(201, (int)created.StatusCode);
        using var client = host.Client(key.GetProperty("key").GetString());
        Assert.Equal(200, (int)(await host.GetAsync("/v1/models", client)).Head.StatusCode);
        (head, body) = await host.GetAsync("/admin/keys", client);
        Assert.Equal(403, (int)head.StatusCode);
        Assert.Equal("insufficient_role", body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(403, (int)(await host.GetAsync("/metrics", client)).Head.StatusCode);

        var revoked = await host.Http.DeleteAsync("/admin/keys/ci", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        (head, body) = await host.GetAsync("/v1/models", client);
        Assert.Equal(401, (int)head.StatusCode);
        Assert.StartsWith("The key 'ci' was revoked at ", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api_key")]
    [InlineData("access_token")]
    [InlineData("anything")]
    public async Task A_key_in_the_address_is_refused_even_when_valid(string name)
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var client in new[] { host.Client(null), host.Http })
        {
            var (head, body) = await host.GetAsync($"/v1/models?{name}={GatewayHost.AdminKey}", client);
            Assert.Equal(401, (int)head.StatusCode);
            Assert.StartsWith("A key in the address is refused even when it is valid", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_is_nowhere_on_disk_and_the_next_start_knows_it()
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-keys-");
        try
        {
            var made = new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System).Create("ci", KeyRole.Client);
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                Assert.DoesNotContain(made.Key, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file.FullName)), StringComparison.Ordinal);
            }

            var again = new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System);
            Assert.Equal(made.Row, again.Find(made.Key).Row);
            Assert.NotNull(again.Revoke(made.Row.Id));
            Assert.True(new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System).Find(made.Key).IsRevoked);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_generated_key_is_kept_for_its_owner_alone_and_a_given_one_is_not_kept()
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-keys-");
        try
        {
            var first = new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System).EnsureUpKey(null);
            var path = Path.Combine(folder.FullName, "key");
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }

            var ring = new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System);
            Assert.Equal("hf-given", ring.EnsureUpKey("hf-given"));
            Assert.Equal(KeyRole.Admin, ring.Find("hf-given").Row!.Role);
            Assert.Null(ring.Find(first).Row);
            Assert.Equal(first, File.ReadAllText(path).Trim());
            Assert.Equal(first, new KeyRing(folder.FullName, new KeyOptions(), TimeProvider.System).EnsureUpKey(null));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Faults_of_a_new_key_are_named()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(201, (int)(await host.PostAsync("/admin/keys", """{"name":"a","role":"admin"}""")).Head.StatusCode);
        foreach (var (body, message) in new[]
        {
            ("""{"name":"a"}""", "a key named 'a' exists"),
            ("""{"name":""}""", "the name must be 1 to 100 characters"),
            ("""{"name":"b","role":"root"}""", "'role' must be client or admin."),
            ("""{}""", "The body must be"),
        })
        {
            var (head, json) = await host.PostAsync("/admin/keys", body);
            Assert.Equal(400, (int)head.StatusCode);
            Assert.Contains(message, json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        var (_, list) = await host.GetAsync("/admin/keys");
        Assert.Equal(["up", "a"], list.GetProperty("data").EnumerateArray().Select(k => k.GetProperty("name").GetString()));
        Assert.DoesNotContain("\"key\"", list.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_a_revoked_key_says_when()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Keys.Create("gone", KeyRole.Client);
        host.Keys.Revoke("gone");
        var (_, list) = await host.GetAsync("/admin/keys");
        var row = list.GetProperty("data").EnumerateArray().Single(k => k.GetProperty("name").GetString() == "gone");
        Assert.Equal(JsonValueKind.String, row.GetProperty("revokedAt").ValueKind);
        Assert.NotNull(host.Keys.Create("gone", KeyRole.Client));
    }
}
