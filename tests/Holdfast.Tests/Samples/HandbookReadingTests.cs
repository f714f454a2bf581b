using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Documents;
using Holdfast.Retrieval.Storing;
using Holdfast.Tests.Retrieval;

namespace Holdfast.Tests.Samples;

/// <summary>The handbook through the real reader and the real index.</summary>
public sealed class HandbookReadingTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, ReadOutcome>> Outcomes = new(ReadAll);

    [Theory]
    [InlineData("incidents/2026-04-board-copy.pdf", "password")]
    [InlineData("onboarding/welcome-letter.docx", "damaged")]
    [InlineData("reference/rack-label-scan.pdf", "no text")]
    public void The_three_bad_files_are_refused_each_for_its_reason(string document, string reason)
    {
        Assert.Contains(reason, Outcomes.Value[document].Quarantine, StringComparison.Ordinal);
        Assert.Equal(3, Outcomes.Value.Values.Count(outcome => outcome.Quarantine is not null));
    }

    [Fact]
    public void Each_quote_stands_in_the_extracted_text()
    {
        string[] missing =
        [
            .. Handbook.Questions.SelectMany(q => q.Passages, (q, p) => (q.Id, Passage: p))
                .Where(x => !Handbook.SingleSpaced(Text(x.Passage.Document)).Contains(Handbook.SingleSpaced(x.Passage.Quote), StringComparison.Ordinal))
                .Select(x => $"{x.Id}: {x.Passage.Document}: {x.Passage.Quote}"),
        ];
        Assert.Equal([], missing);
    }

    [Theory]
    [InlineData("runbooks/disk-full.txt", "\0")]
    [InlineData("runbooks/looping-answers.txt", "\u202E")]
    [InlineData("runbooks/looping-answers.txt", "\u200B")]
    [InlineData("incidents/2026-02-retry-storm.txt", "â€")]
    [InlineData("incidents/2026-03.pdf", "Monthly incident report, March 2026")]
    [InlineData("incidents/2026-03.pdf", "page 4 of 6")]
    [InlineData("policies/data-handling.pdf", "\uFB01")]
    [InlineData("policies/data-handling.pdf", "lan-\nguage")]
    [InlineData("reference/supplier-notice.html", "disregard the rules")]
    public void The_dirt_is_gone(string document, string dirt) =>
        Assert.DoesNotContain(dirt, Text(document), StringComparison.Ordinal);

    [Theory]
    [InlineData("runbooks/disk-full.txt", "left zero bytes behind")]
    [InlineData("runbooks/certificates.txt", "– apart from our pride – was £4,200")]
    [InlineData("incidents/2026-02-retry-storm.txt", "Zoë from the canteen")]
    [InlineData("policies/data-handling.pdf", "shown to a language model")]
    [InlineData("policies/data-handling.pdf", "fine-tuned on customers' texts")]
    public void What_lay_under_the_dirt_is_whole(string document, string words) =>
        Assert.Contains(words, Handbook.SingleSpaced(Text(document)), StringComparison.Ordinal);

    [Fact]
    public async Task The_right_document_is_among_the_first_five_for_nine_questions_in_ten()
    {
        using var store = new TestStore();
        store.Put([.. Outcomes.Value.Where(o => o.Value.Document is not null).Select(o => Stored(o.Key, o.Value.Document!))]);
        var answerable = Handbook.Questions.Where(q => q.Passages.Count > 0).ToList();
        List<string> missed = [];
        foreach (HandbookQuestion question in answerable)
        {
            SearchResult found = await store.SearchAsync(question.Question, topK: 5);
            if (!found.Passages.Select(p => p.Document).Intersect(question.Passages.Select(p => p.Document)).Any())
            {
                missed.Add($"{question.Id}: {question.Question}");
            }
        }

        Assert.True(missed.Count <= answerable.Count / 10, string.Join('\n', missed));
    }

    private static string Text(string document) => Outcomes.Value[document].Document!.Text;

    private static PutDocument Stored(string path, DocumentText text) =>
        new() { Path = path, Bytes = text.Text.Length, ContentHash = path, Text = text };

    private static Dictionary<string, ReadOutcome> ReadAll()
    {
        var reader = new DocumentReader(new DocumentOptions());
        return Handbook.Documents.ToDictionary(
            document => document,
            document => reader.Read(document, File.ReadAllBytes(Path.Combine(Handbook.Folder, document)), CancellationToken.None),
            StringComparer.Ordinal);
    }
}
