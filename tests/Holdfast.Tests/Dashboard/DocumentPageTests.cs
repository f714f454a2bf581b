using System.Text.RegularExpressions;
using CsCheck;
using Holdfast.Abstractions.Reading;
using Holdfast.Dashboard;
using Holdfast.Dashboard.Views;

namespace Holdfast.Tests.Dashboard;

public sealed class DocumentPageTests
{
    private static readonly Regex Line = new("Line [0-9]+ of page [0-9]+: the valve at station [0-9]+ was checked, the reading was [0-9]+ and nothing else was done", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex After = new("from=(?<from>[0-9]+)\">[0-9,]+ characters after", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    public async Task The_span_of_an_address_is_marked_and_takes_the_focus()
    {
        await using var host = await DashboardHost.StartAsync();
        const string Cited = "Restart it once the queue depth reads zero.";
        var start = HandbookDocuments.PumpText.IndexOf(Cited, StringComparison.Ordinal);
        var page = await host.PageAsync($"/documents/doc-pump?start={start}&length={Cited.Length}");
        Assert.Matches($"<mark id=\"passage\" tabindex=\"-1\" autofocus[^>]*>{Regex.Escape(Cited)}</mark>", page);
        Assert.Contains("Pump service &gt; Restarting", page, StringComparison.Ordinal);
        Assert.Contains("<b>Restarting</b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_is_shown_around_the_span_with_links_to_the_rest()
    {
        await using var host = await DashboardHost.StartAsync();
        var text = host.Room.Documents.Find(document => document.Row.Id == HandbookDocuments.LongId)!.Text;
        var start = text.IndexOf("Line 3 of page 40", StringComparison.Ordinal);
        var page = await host.PageAsync($"/documents/doc-long?start={start}&length=17");
        Assert.Contains(">Line 3 of page 40</mark>", page, StringComparison.Ordinal);
        Assert.Contains("characters before", page, StringComparison.Ordinal);
        Assert.Contains("characters after", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"pagemark\">page 41</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Line 3 of page 1:", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_lead_through_the_whole_of_a_long_text()
    {
        await using var host = await DashboardHost.StartAsync();
        var lines = new HashSet<string>();
        var address = "/documents/doc-long";
        for (var turn = 0; turn < 40 && address is not null; turn++)
        {
            var page = PageOf(await host.PageAsync(address));
            lines.UnionWith(Line.Matches(page).Select(match => match.Value));
            address = After.Match(page) is { Success: true } after ? "/documents/doc-long?from=" + after.Groups["from"].Value : null;
        }

        Assert.Null(address);
        // A line that a window's edge cuts is whole in neither; 60 pages of 14 lines in some 8 windows.
        Assert.InRange(lines.Count, (60 * 14) - 8, 60 * 14);
    }

    [Theory]
    [InlineData("start=999999&length=10")]
    [InlineData("start=-5&length=10")]
    [InlineData("start=10&length=99999999999")]
    [InlineData("start=x&length=y")]
    [InlineData("start=5&length=-1")]
    [InlineData("start=2147483647&length=2147483647")]
    public async Task A_span_outside_of_the_text_is_said_to_be_so(string query)
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/documents/doc-pump?" + query);
        Assert.Contains("does not lie in this text of 570 characters", page, StringComparison.Ordinal);
        Assert.Contains("pump service moves batches", page.Replace("<mark id=\"passage\" tabindex=\"-1\" autofocus>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_are_the_window_of_the_text_and_marks_are_the_span() =>
        (from text in Gen.String[Gen.OneOf(Gen.Char['a', 'e'], Gen.Const('\n'), Gen.Char['\uD800', '\uDFFF']), 0, 300]
         from windowFrom in Gen.Int[-100, 320].Select(value => value < -5 ? (int?)null : value)
         from start in Gen.Int[-5, 320]
         from length in Gen.Int[-5, 320]
         from heading in Gen.Int[0, 300]
         from page in Gen.Int[0, 300]
         select (text, windowFrom, start, length, heading, page)).Sample(
            sample =>
            {
                var (text, windowFrom, start, length, heading, page) = sample;
                HeadingSpan[] headings = heading + 4 < text.Length ? [new HeadingSpan(1, heading, 4)] : [];
                PageSpan[] pages = page < text.Length ? [new PageSpan(1, 0, page), new PageSpan(2, page, text.Length - page)] : [];
                var content = HandbookDocuments.Make("d", "d.txt", "d", "text/plain", text, pages, headings);
                var options = new DashboardOptions { TextCharactersShown = 120 };
                var view = DocumentLayout.Of(content, options, windowFrom, start, length);
                var window = view.Window;
                Assert.Equal(text[window.From..window.To], string.Concat(view.Segments.Select(segment => segment.Text)));
                Assert.Equal(text[window.MarkFrom..window.MarkTo], string.Concat(view.Segments.Where(segment => segment.IsMarked).Select(segment => segment.Text)));
                Assert.InRange(window.To - window.From, 0, 120);
                if (windowFrom is null && !window.IsMarkOutside)
                {
                    Assert.True(window.HasMark);
                    Assert.StartsWith(text[window.MarkFrom..window.MarkTo], text[Whole(text, start)..], StringComparison.Ordinal);
                }
            },
            iter: 5_000);

    private static int Whole(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;

    private static string PageOf(string page) => page[page.IndexOf("Extracted text", StringComparison.Ordinal)..page.IndexOf("SHA-256", StringComparison.Ordinal)];
}
