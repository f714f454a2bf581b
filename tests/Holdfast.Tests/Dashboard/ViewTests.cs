using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Views;

namespace Holdfast.Tests.Dashboard;

public sealed class ViewTests
{
    [Fact]
    public void A_mark_belongs_to_the_citation_that_it_stands_behind()
    {
        var view = Cite("First thing [2]. Second thing [1]", (0, 11, "b"), (17, 29, "a"));
        Assert.Equal(["First thing", "(2)", ". Second thing", "(1)"], Shown(view));
        Assert.Equal([(1, "a"), (2, "b")], view.Sources.Select(source => (source.Number, source.Passage.DocumentId)));
    }

    [Fact]
    public void A_citation_without_a_written_mark_gets_one_at_its_end()
    {
        var view = Cite("A fact. And more.", (0, 7, "a"));
        Assert.Equal(["A fact.", "(1)", " And more."], Shown(view));
    }

    [Fact]
    public void Brackets_that_no_citation_covers_stay_text()
    {
        var view = Cite("See [7] in the array [1] of the code. Cited [1]", (38, 43, "a"));
        Assert.Equal(["See [7] in the array [1] of the code. Cited", "(1)"], Shown(view));
    }

    [Fact]
    public void A_mark_inside_of_the_covered_span_counts_too()
    {
        var view = Cite("Cited here [1] and on", (0, 14, "a"));
        Assert.Equal(["Cited here", "(1)", " and on"], Shown(view));
    }

    [Fact]
    public void Cutting_an_answer_changes_nothing_but_its_marks() =>
        (from text in Gen.String[Gen.OneOf(Gen.Char['a', 'c'], Gen.Const(' '), Gen.Const('['), Gen.Const(']'), Gen.Char['0', '3']), 0, 60]
         from spans in Gen.Select(Gen.Int[-3, 70], Gen.Int[-3, 70], Gen.Int[0, 3]).Array[0, 5]
         select (text, spans)).Sample(
            sample =>
            {
                var view = Cite(sample.text, [.. sample.spans.Select(span => (span.Item1, span.Item2, "d" + span.Item3))]);
                var left = string.Concat(view.Pieces.Select(piece => piece.Text));
                Assert.True(IsSubsequence(left, sample.text));
                Assert.All(sample.text.Except(left), character => Assert.Contains(character, " []0123"));
                Assert.All(view.Pieces, piece => Assert.True(piece.Source is null || view.Sources.Any(source => source.Number == piece.Source)));
                Assert.Equal(sample.spans.Select(span => span.Item3).Distinct().Count(), view.Sources.Count);
            },
            iter: 5_000);

    [Fact]
    public void An_excerpt_holds_each_cited_span_and_parts_far_ones_by_dots()
    {
        var text = "Start of it. Cited one. Between. Cited two. " + new string('x', 200) + " Cited three. And a tail that is long enough to be cut somewhere near its end, and so on and on.";
        var passage = new Passage { DocumentId = "d", Document = "d", Title = "t", Start = 1_000, Length = text.Length, Text = text, Score = 1 };
        var spans = new[] { "Cited one.", "Cited two.", "Cited three." };
        var view = CitedAnswer.Of(new AskOutcome
        {
            RequestId = "r",
            Model = "m",
            Text = "a [1]",
            Citations = [.. spans.Select(span => new Citation(0, 1, passage, 1_000 + text.IndexOf(span, StringComparison.Ordinal), span.Length, span))],
        });
        var source = Assert.Single(view.Sources);
        Assert.Equal(spans, source.Excerpt.Where(run => run.Start is not null).Select(run => run.Text));
        Assert.Equal("Start of it. Cited one. Between. Cited two. … Cited three. And a tail that is long enough to be cut somewhere near …", string.Concat(source.Excerpt.Select(run => run.Text)));
        Assert.Equal((1_013, 1_000 + text.IndexOf(" And a tail", StringComparison.Ordinal)), (source.Start, source.End));
    }

    [Fact]
    public void A_full_service_says_so_before_anything_else()
    {
        var full = HandbookStatus.Snapshot() with { InFlight = 64 };
        Assert.Equal((Level.Bad, "Full: all 64 places are taken, further requests are answered 503."), Said(full));
        Assert.Equal((Level.Bad, "Not ready: reading documents."), Said(full with { NotReady = "reading documents" }));
    }

    [Fact]
    public void Silent_upstreams_are_named_and_all_of_them_silent_is_worse()
    {
        var snapshot = HandbookStatus.Snapshot();
        Assert.Equal((Level.Warn, "Serving without vllm-b."), Said(snapshot));
        Assert.Equal((Level.Bad, "No upstream can be reached."), Said(snapshot with { Upstreams = [.. snapshot.Upstreams.Select(upstream => upstream with { IsReachable = false })] }));
    }

    [Fact]
    public void Failures_warn_refusals_are_told_and_a_near_limit_warns()
    {
        var quiet = HandbookStatus.Snapshot() with { Upstreams = [], Memory = [], Traffic = [] };
        Assert.Equal((Level.Good, "Serving, with room."), Said(quiet));
        Assert.Equal((Level.Warn, "Serving, but 1 of 4 requests failed in the last 15 minutes."), Said(quiet with { Traffic = [new TrafficStep(quiet.At, 2, 1, 1, null, null)] }));
        Assert.Equal((Level.Good, "Serving. 1 of 3 requests refused in the last 15 minutes."), Said(quiet with { Traffic = [new TrafficStep(quiet.At, 2, 1, 0, null, null)] }));
        Assert.Equal((Level.Warn, "Serving, near a limit: bodies."), Said(quiet with { Memory = [new MemoryPart("bodies", 80, 100, "m")] }));
        Assert.Equal("Next limit: requests in flight, 14 % of 64 used.", ServiceVerdict.Of(quiet).Next);
    }

    [Fact]
    public void A_bound_of_nothing_is_not_divided_by()
    {
        var none = HandbookStatus.Snapshot() with { Memory = [new MemoryPart("traces", 0, 0, "m")], InFlight = 0, InFlightMax = 10 };
        Assert.Equal("Next limit: requests in flight, 0 % of 10 used.", ServiceVerdict.Of(none).Next);
    }

    [Fact]
    public void Runs_of_the_map_cover_each_block_once_with_its_owner() =>
        Gen.Int[-2, 12].Array[0, 400].Sample(
            owners =>
            {
                var view = KvView.Of(new KvPoolSnapshot("m", 16, 1, owners, [], 0), blocksShownMax: 300);
                var drawn = new List<string>();
                foreach (var run in view.Runs)
                {
                    Assert.Equal(drawn.Count, (run.Row * KvView.Columns) + run.Column);
                    Assert.InRange(run.Column + run.Blocks, 1, KvView.Columns);
                    drawn.AddRange(Enumerable.Repeat(run.Class, run.Blocks));
                }

                Assert.Equal(owners.Take(300).Select(KvView.ClassOf), drawn);
            },
            iter: 2_000);

    [Theory]
    [InlineData(200, RequestKind.Answered)]
    [InlineData(404, RequestKind.Refused)]
    [InlineData(429, RequestKind.Refused)]
    [InlineData(499, RequestKind.Refused)]
    [InlineData(500, RequestKind.Failed)]
    [InlineData(502, RequestKind.Failed)]
    [InlineData(503, RequestKind.Refused)]
    [InlineData(504, RequestKind.Failed)]
    public void A_status_says_how_a_request_ended(int status, RequestKind kind)
    {
        Assert.Equal(kind, RequestKinds.Of(status));
        Assert.Equal(kind, RequestKinds.Parse(RequestKinds.Word(kind)));
    }

    private static (Level, string) Said(ServiceSnapshot snapshot)
    {
        var verdict = ServiceVerdict.Of(snapshot);
        return (verdict.Level, verdict.Sentence);
    }

    private static AnswerView Cite(string text, params (int Start, int End, string Document)[] spans) => CitedAnswer.Of(new AskOutcome
    {
        RequestId = "r",
        Model = "m",
        Text = text,
        Citations = [.. spans.Select(span => new Citation(span.Start, span.End, new Passage { DocumentId = span.Document, Document = span.Document, Title = "t", Start = 0, Length = 6, Text = "source", Score = 1 }, 0, 6, "source"))],
    });

    private static IEnumerable<string> Shown(AnswerView view) => view.Pieces.Select(piece => piece.Source is { } number ? $"({number})" : piece.Text);

    private static bool IsSubsequence(string part, string whole)
    {
        var at = 0;
        foreach (var character in whole)
        {
            if (at < part.Length && part[at] == character)
            {
                at++;
            }
        }

        return at == part.Length;
    }
}
