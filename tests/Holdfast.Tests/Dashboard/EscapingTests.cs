using System.Net;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;

namespace Holdfast.Tests.Dashboard;

public sealed class EscapingTests
{
    private const string Markup = "</title></pre><script>alert(1)</script>\"' onload=x";

    private const string Hostile = Markup + " \u202Eevil\u0000";

    [Fact]
    public async Task A_hostile_document_is_shown_as_text_with_its_hidden_characters_named()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/documents/" + HandbookDocuments.HostileId);
        AssertInert(page);
        Assert.Contains("&lt;script&gt;document.title=", page, StringComparison.Ordinal);
        foreach (var name in new[] { "U+200B", "U+202E", "U+202C", "U+0007" })
        {
            Assert.Contains($">{name}</span>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\u202E", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(1, Count(page, "</title>"));
    }

    [Fact]
    public async Task Lists_show_hostile_names_as_text()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Room.Documents[0] = host.Room.Documents[0] with { Row = host.Room.Documents[0].Row with { Path = Hostile, Title = Hostile, MediaType = Hostile, Attributes = new Dictionary<string, object> { [Hostile] = Hostile } } };
        host.Room.Traces[0] = host.Room.Traces[0] with { Key = Hostile, Model = Hostile, AnsweredBy = Hostile, Warnings = [Hostile] };
        foreach (var address in new[] { "/documents", "/documents/doc-pump", "/requests" })
        {
            AssertInert(await host.PageAsync(address));
        }
    }

    [Fact]
    public async Task A_trace_of_a_hostile_request_is_inert()
    {
        await using var host = await DashboardHost.StartAsync();
        var message = new TraceMessage { Url = Hostile, Headers = new Dictionary<string, string> { [Hostile] = Hostile }, Body = Hostile, BodyEncoding = Hostile };
        host.Room.Traces[0] = host.Room.Traces[0] with
        {
            Query = Hostile,
            Upstream = Hostile,
            ClientRequestId = Hostile,
            Prompt = new TracePrompt(Hostile, Hostile, Hostile, 1, IsExact: false),
            Received = message,
            Sent = message,
            Answer = message,
            Passages = [new TracePassage("../x\"><script>", Hostile, 1, 2, 0.5, Hostile)],
            Stages = [new TraceStage(Hostile, 0, 10, Hostile, Hostile)],
            Edits = [Hostile],
            Warnings = [Hostile],
            Shortenings = [new TraceShortening(Hostile, Hostile, 3)],
        };
        var page = await host.PageAsync("/requests/" + HandbookTraces.PumpId);
        AssertInert(page);
        Assert.Contains("href=\"/documents/..%2Fx%22%3E%3Cscript%3E?start=1&amp;length=2#passage\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_answer_question_and_source_are_inert()
    {
        await using var host = await DashboardHost.StartAsync();
        var outcome = HandbookTraces.PumpOutcome(host.Room.Documents);
        var citation = outcome.Citations[0] with { Text = Hostile, Passage = outcome.Citations[0].Passage with { Document = Hostile, Heading = Hostile, Text = Hostile, Start = 0 } };
        host.Room.NextOutcome = outcome with { Text = Hostile, Citations = [citation], AnsweredBy = Hostile };
        AssertInert(await host.PageAsync("/ask?q=" + Uri.EscapeDataString(Markup)));

        host.Room.NextOutcome = outcome with { Fault = new AnswerFault { Status = 502, Message = Hostile, Type = Hostile, Code = Hostile } };
        AssertInert(await host.PageAsync("/ask?q=x"));
    }

    [Fact]
    public async Task The_name_of_a_key_is_shown_as_text()
    {
        await using var host = await DashboardHost.StartAsync();
        host.Visit("client");
        Assert.Contains("key &lt;i&gt;reader&lt;/i&gt;", await host.PageAsync("/"), StringComparison.Ordinal);
    }

    private static void AssertInert(string page)
    {
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\" onload", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u0000", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(1, Count(page, "</title>"));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
