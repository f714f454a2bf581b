using System.Net;

namespace Holdfast.Tests.Dashboard;

public sealed class AccessTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/ask?q=secret")]
    [InlineData("/overview")]
    [InlineData("/requests")]
    [InlineData("/requests/01JD8Q4M7Z")]
    [InlineData("/documents")]
    [InlineData("/documents/doc-pump")]
    [InlineData("/documents/none")]
    public async Task A_stranger_is_sent_to_the_sign_in_page_and_sees_nothing(string address)
    {
        await using var host = await DashboardHost.StartAsync();
        host.Visit(null);
        using var response = await host.GetAsync(address);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/sign-in", response.Headers.Location?.ToString());
        Assert.Empty(await DashboardHost.ReadAsync(response));
        Assert.Empty(host.Room.Asked);
    }

    [Fact]
    public async Task The_sign_in_page_tells_a_stranger_nothing_of_the_service()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Visit(null);
        var page = await host.PageAsync("/sign-in");
        Assert.Contains("<form class=\"signin panel\" method=\"post\" action=\"/sign-in\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("handbook", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", page, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", "revoked")]
    [InlineData("1", "revoked")]
    [InlineData("token", "link was used before")]
    public async Task A_failed_sign_in_says_why(string failed, string said)
    {
        await using var host = await DashboardHost.StartAsync();
        Assert.Contains(said, await host.PageAsync("/sign-in?failed=" + failed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/overview")]
    [InlineData("/requests")]
    [InlineData("/requests/01JD8Q4M7Z")]
    [InlineData("/documents")]
    public async Task A_client_key_is_refused_where_an_admin_reads(string address)
    {
        await using var host = await DashboardHost.StartAsync();
        host.Visit("client");
        using var response = await host.GetAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var page = await DashboardHost.ReadAsync(response);
        Assert.Contains("This page needs an admin key.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("pump", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_key_may_ask_and_open_what_is_cited_and_is_shown_no_more()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Visit("client");
        var page = await host.PageAsync("/ask?q=pump");
        Assert.Contains("href=\"/ask\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/documents/doc-pump?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/overview\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/requests", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/documents\"", page, StringComparison.Ordinal);
        var document = await host.PageAsync("/documents/doc-pump");
        Assert.Contains("Drain the instance first", document, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/documents\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/documents?", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_answer_get_alone()
    {
        await using var host = await DashboardHost.StartAsync();
        using var response = await host.Client.PostAsync(new Uri("/ask", UriKind.Relative), new StringContent("q=x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }
}
