using System.Diagnostics;
using System.Globalization;
using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Searching;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Bench.Retrieval;

/// <summary>
/// Indexes a manual and asks the question set: hit@1, hit@5 and MRR over pages, answer spans, refusals, times. Prints one table a half
/// and one by kind.
/// </summary>
internal static class QuestionBench
{
    private const int PassagesAsked = 30;

    public static async Task<int> RunAsync(string root, string questionsPath)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-bench-");
        try
        {
            using var store = new DocumentStore(Path.Combine(folder.FullName, "documents.db"), new RetrievalOptions(), TimeProvider.System);
            Index(store, root);
            var retriever = new Retriever(store, TimeProvider.System);
            var scores = new List<QuestionScore>();
            var questions = ManualQuestion.Load(questionsPath);
            foreach (var question in questions.Take(20))
            {
                await AskAsync(retriever, question);
            }

            foreach (var question in questions)
            {
                scores.Add(await AskAsync(retriever, question));
            }

            Print(scores);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Index(DocumentStore store, string root)
    {
        var files = Directory.EnumerateFiles(root, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        long reading = 0, storing = 0, characters = 0;
        foreach (var batch in files.Chunk(32))
        {
            var started = Stopwatch.GetTimestamp();
            var changes = new List<StoreChange>(batch.Length);
            foreach (var file in batch)
            {
                var html = File.ReadAllText(file);
                var text = ManualPage.Read(html, Path.GetFileName(file));
                characters += text.Text.Length;
                changes.Add(new PutDocument
                {
                    Path = Path.GetRelativePath(root, file).Replace('\\', '/'),
                    Bytes = html.Length,
                    ContentHash = "",
                    Text = text,
                });
            }

            reading += Stopwatch.GetTimestamp() - started;
            started = Stopwatch.GetTimestamp();
            store.Apply("manual", changes);
            storing += Stopwatch.GetTimestamp() - started;
        }

        var info = store.Collections[0];
        var bytes = new FileInfo(store.Path).Length + new FileInfo(store.Path + "-wal").Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{files.Length} pages, {info.Passages} passages, {characters / 1e6:F1} M characters; reading {Seconds(reading):F1} s, storing {Seconds(storing):F1} s, store {bytes / 1e6:F1} MB"));
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private static async Task<QuestionScore> AskAsync(Retriever retriever, ManualQuestion question)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await retriever.SearchAsync(new SearchQuery { Collection = "manual", Text = question.Question, TopK = PassagesAsked }, CancellationToken.None);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var pages = result.Passages.Select(passage => passage.Document).Distinct().ToList();
        var rank = 1 + pages.FindIndex(page => question.Pages.Contains(page));
        return new QuestionScore(
            question, rank,
            question.IsAnswerable && result.Passages.Take(1).Any(passage => SpanText.Holds(passage.Text, question.Answer)),
            question.IsAnswerable && result.Passages.Take(5).Any(passage => SpanText.Holds(passage.Text, question.Answer)),
            IsSpanShown: false, WordsShown: 0,
            result.Answerable.Verdict == AnswerabilityVerdict.No, result.Answerable.Score, milliseconds);
    }

    private static void Print(List<QuestionScore> scores)
    {
        Console.WriteLine("| questions | n | hit@1 | hit@5 | MRR | span@1 | span@5 | shown | words | refused | false refusals | AUC |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Print("tuning half", [.. scores.Where(score => score.Question.IsTuning)]);
        Print("untouched half", [.. scores.Where(score => !score.Question.IsTuning)]);
        Print("all", scores);
        foreach (var kind in scores.Where(score => score.Question.IsAnswerable).Select(score => score.Question.Kind).Distinct().Order())
        {
            Print(kind, [.. scores.Where(score => score.Question.Kind == kind)]);
        }

        var times = scores.Select(score => score.Milliseconds).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"search p50 {times[times.Length / 2]:F1} ms, p95 {times[times.Length * 95 / 100]:F1} ms, most {times[^1]:F1} ms"));
    }

    private static void Print(string name, List<QuestionScore> scores)
    {
        var answerable = scores.Where(score => score.Question.IsAnswerable).ToArray();
        var others = scores.Where(score => !score.Question.IsAnswerable).ToArray();
        double Share(Func<QuestionScore, double> value) => answerable.Length == 0 ? 0 : answerable.Average(value);
        var auc = others.Length == 0 ? double.NaN
            : answerable.Average(good => others.Average(bad => good.Answerability > bad.Answerability ? 1 : good.Answerability == bad.Answerability ? 0.5 : 0));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {answerable.Length} + {others.Length} | {Share(score => score.Rank == 1 ? 1 : 0):F3} | {Share(score => score.Rank is >= 1 and <= 5 ? 1 : 0):F3} | {Share(score => score.Rank > 0 ? 1.0 / score.Rank : 0):F3} | {Share(score => score.IsSpanFirst ? 1 : 0):F3} | {Share(score => score.IsSpanFive ? 1 : 0):F3} | {Share(score => score.IsSpanShown ? 1 : 0):F3} | {Share(score => score.WordsShown):F0} | {(others.Length == 0 ? 0 : others.Average(score => score.IsRefused ? 1.0 : 0)):F3} | {Share(score => score.IsRefused ? 1 : 0):F3} | {auc:F3} |"));
    }
}
