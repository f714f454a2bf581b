using System.Net;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Tests.Dashboard;

public sealed class AskFormTests
{
    [Fact]
    public async Task The_plain_form_is_answered_by_the_server_with_marks_sources_and_the_trace()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/ask?q=How+do+I+restart+the+pump+service%3F&model=llama-3.1-8b");
        var text = PageTests.Text(page);
        Assert.Equal([(HandbookRoom.Question, "llama-3.1-8b", "owner")], host.Room.Asked);
        Assert.Contains("takes no new ones.1 Restart it once the queue depth reads zero.1 If the drain hangs", text, StringComparison.Ordinal);
        Assert.Contains("<a class=\"cite\" href=\"#source-2\">2</a>", page, StringComparison.Ordinal);
        Assert.Contains("id=\"source-2\"", page, StringComparison.Ordinal);
        Assert.Contains("by extraction, no language model · 31 ms · trace 01JD8Q4M7Z", text, StringComparison.Ordinal);
        Assert.Contains("6 passages searched, 2 cited", text, StringComparison.Ordinal);
        Assert.Contains("Pump service > Restarting", text, StringComparison.Ordinal);
        Assert.Contains("score 0.91", text, StringComparison.Ordinal);
        var start = HandbookDocuments.PumpText.IndexOf("Restart it once", StringComparison.Ordinal);
        Assert.Contains($"href=\"/documents/doc-pump?start={start}&amp;length=43#passage\"", page, StringComparison.Ordinal);
        Assert.Matches("<option value=\"llama-3.1-8b\" selected", page);
    }

    [Fact]
    public async Task The_form_works_without_a_script()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/");
        Assert.Contains("method=\"get\" action=\"/ask\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"q\"", page, StringComparison.Ordinal);
        Assert.Contains("<select name=\"model\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("all-MiniLM", page, StringComparison.Ordinal);
        Assert.Empty(host.Room.Asked);
    }

    [Fact]
    public async Task The_page_token_stands_on_the_ask_page_for_its_script()
    {
        await using var host = await DashboardHost.StartAsync();
        Assert.Contains("<meta name=\"page-token\" content=\"page-token-1\"", await host.PageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_falls_back_to_the_default_one()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PageAsync("/ask?q=pump&model=%3Cb%3E");
        Assert.Equal("extractive@handbook", Assert.Single(host.Room.Asked).Model);
    }

    [Fact]
    public async Task A_question_over_the_bound_is_refused_with_both_numbers_and_not_asked()
    {
        await using var host = await DashboardHost.StartAsync();
        using var response = await host.GetAsync("/ask?q=" + new string('x', 2_001));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("The question has 2,001 characters; the box takes 2,000.", await DashboardHost.ReadAsync(response), StringComparison.Ordinal);
        Assert.Empty(host.Room.Asked);
    }

    [Fact]
    public async Task A_fault_is_shown_with_its_status_and_when_to_try_again()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Room.NextOutcome = new AskOutcome
        {
            RequestId = "r1",
            Model = "m",
            Fault = new AnswerFault { Status = 503, Message = "The service is full: 64 calls are at work.", Type = "server_error", Code = "full", RetryAfter = TimeSpan.FromSeconds(3) },
        };
        var text = PageTests.Text(await host.PageAsync("/ask?q=pump"));
        Assert.Contains("503 full The service is full: 64 calls are at work. Try again in 3 s.", text, StringComparison.Ordinal);
        Assert.Contains("no answer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_nothing_supports_says_so_and_has_no_sources()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Room.NextOutcome = new AskOutcome { RequestId = "r1", Model = "m", AnsweredBy = "extractive", IsRefusal = true, Text = "Nothing in handbook answers that." };
        var page = await host.PageAsync("/ask?q=pump");
        Assert.Contains("nothing found that answers", page, StringComparison.Ordinal);
        Assert.Matches("id=\"sources\" hidden", page);
    }
}
