using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Tests.Samples;

public sealed class HandbookTests
{
    private static readonly string[] ToBeRefused =
        ["incidents/2026-04-board-copy.pdf", "onboarding/welcome-letter.docx", "reference/rack-label-scan.pdf"];

    [Fact]
    public void Fifty_questions_have_an_answer_and_ten_have_none()
    {
        Assert.Equal(50, Handbook.Questions.Count(q => q.Passages.Count > 0 && !string.IsNullOrWhiteSpace(q.Answer)));
        Assert.Equal(10, Handbook.Questions.Count(q => q.Passages.Count == 0 && q.Answer is null));
        Assert.Equal(60, Handbook.Questions.Select(q => q.Id).Distinct().Count());
        Assert.Equal(60, Handbook.Questions.Select(q => q.Question).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void The_first_two_questions_are_answerable()
    {
        Assert.Equal("How do I restart the pump service?", Handbook.Questions[0].Question);
        Assert.NotEmpty(Handbook.Questions[0].Passages);
        Assert.NotEmpty(Handbook.Questions[1].Passages);
    }

    [Fact]
    public void Each_passage_names_a_document_that_can_be_read()
    {
        var readable = Handbook.Documents.Except(ToBeRefused).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. Handbook.Questions.SelectMany(q => q.Passages).Select(p => p.Document).Where(d => !readable.Contains(d))];
        Assert.Equal([], missing);
    }

    [Fact]
    public void Each_quote_stands_in_its_document()
    {
        var words = Handbook.Documents.ToDictionary(d => d, Handbook.Words, StringComparer.Ordinal);
        string[] missing =
        [
            .. Handbook.Questions.SelectMany(q => q.Passages, (q, p) => (q.Id, Passage: p))
                .Where(x => !words[x.Passage.Document].Contains(Handbook.SingleSpaced(x.Passage.Quote), StringComparison.Ordinal))
                .Select(x => $"{x.Id}: {x.Passage.Document}: {x.Passage.Quote}"),
        ];
        Assert.Equal([], missing);
    }

    [Fact]
    public void It_has_forty_one_documents_in_all_formats_and_three_to_refuse()
    {
        Assert.Equal(44, Handbook.Documents.Count);
        Assert.All(ToBeRefused, d => Assert.Contains(d, Handbook.Documents));
        string[] formats = [.. Handbook.Documents.Except(ToBeRefused).Select(d => Path.GetExtension(d)).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal([".csv", ".docx", ".html", ".jsonl", ".md", ".pdf", ".txt"], formats);
    }

    [Fact]
    public void The_questions_are_kept_out_of_the_index()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Handbook.Folder, ".holdfastignore"));
        Assert.Contains("questions.jsonl", lines);
    }

    [Fact]
    public void Made_files_are_those_that_their_sources_gave()
    {
        // eng/handbook.cs writes both sides into the list; a source that was edited without a new run differs here.
        string[][] lines = [.. File.ReadLines(Path.Combine(Handbook.Sources, "made.sha256")).Select(l => l.Split("  "))];
        string[] different =
        [
            .. lines.Where(l => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Handbook.Root, l[1])))) != l[0])
                .Select(l => $"{l[1]}: run `dotnet run eng/handbook.cs`"),
        ];
        Assert.Equal([], different);
        int sources = Directory.GetFiles(Handbook.Sources, "*.src", SearchOption.AllDirectories).Length;
        Assert.Equal(2 * sources, lines.Length);
    }

    [Fact]
    public void The_dirt_lies_where_the_sample_page_says()
    {
        byte[] full = Read("runbooks/disk-full.txt");
        Assert.True(full.Count(b => b == 0) >= 6);
        Assert.Contains("\u202E", Encoding.UTF8.GetString(Read("runbooks/looping-answers.txt")), StringComparison.Ordinal);
        Assert.Throws<DecoderFallbackException>(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Read("runbooks/certificates.txt")));
        Assert.Contains("â€“", Encoding.UTF8.GetString(Read("incidents/2026-02-retry-storm.txt")), StringComparison.Ordinal);
        Assert.Contains("<80> <FB01>", Encoding.Latin1.GetString(Read("policies/data-handling.pdf")), StringComparison.Ordinal);
        Assert.Contains("display:none", Encoding.UTF8.GetString(Read("reference/supplier-notice.html")), StringComparison.Ordinal);
        Assert.Contains("/Encrypt", Encoding.Latin1.GetString(Read("incidents/2026-04-board-copy.pdf")), StringComparison.Ordinal);
    }

    private static byte[] Read(string document) => File.ReadAllBytes(Path.Combine(Handbook.Folder, document));
}
