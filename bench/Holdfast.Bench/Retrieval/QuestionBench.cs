using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Documents;
using Holdfast.Gateway.Counting;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Answering;
using Holdfast.Retrieval.Searching;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Bench.Retrieval;

/// <summary>
/// Reads a manual as the product does, asks the question set, and prints hits over pages, answer spans, refusals and times.
/// </summary>
internal static partial class QuestionBench
{
    private const int PassagesAsked = 30;
    private const int WarmUpQuestions = 40;

    public static async Task<int> RunAsync(string root, string questionsPath)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-bench-");
        try
        {
            using var store = new DocumentStore(Path.Combine(folder.FullName, "documents.db"), new RetrievalOptions(), TimeProvider.System);
            Index(store, root);
            var retriever = new Retriever(store, TimeProvider.System);
            var backend = new ExtractiveBackend(store, new O200kCounter());
            var questions = ManualQuestion.Load(questionsPath);
            foreach (var question in questions.Take(WarmUpQuestions))
            {
                await AskAsync(retriever, backend, question);
            }

            var scores = new List<QuestionScore>();
            foreach (var question in questions)
            {
                scores.Add(await AskAsync(retriever, backend, question));
            }

            QuestionTable.Print(scores);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Index(DocumentStore store, string root)
    {
        var reader = new DocumentReader(new DocumentOptions());
        var files = Directory.EnumerateFiles(root, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        TimeSpan reading = default, storing = default;
        foreach (var batch in files.Chunk(64))
        {
            var started = Stopwatch.GetTimestamp();
            var changes = new List<StoreChange>(batch.Length);
            foreach (var file in batch)
            {
                var path = Path.GetRelativePath(root, file).Replace('\\', '/');
                var content = File.ReadAllBytes(file);
                var outcome = reader.Read(path, content, CancellationToken.None);
                changes.Add(outcome.Document is { } text
                    ? new PutDocument { Path = path, Bytes = content.Length, ContentHash = "", Text = text }
                    : new PutQuarantined { Path = path, Bytes = content.Length, ContentHash = "", Reason = outcome.Quarantine! });
            }

            reading += Stopwatch.GetElapsedTime(started);
            started = Stopwatch.GetTimestamp();
            store.Apply("manual", changes);
            storing += Stopwatch.GetElapsedTime(started);
        }

        var info = store.Collections[0];
        var bytes = new FileInfo(store.Path).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{info.Documents} pages, {info.Quarantined} quarantined, {info.Passages} passages, {info.TextBytes / 1e6:F1} MB of text; reading {reading.TotalSeconds:F1} s, storing {storing.TotalSeconds:F1} s, file {bytes / 1e6:F1} MB"));
    }

    private static async Task<QuestionScore> AskAsync(Retriever retriever, ExtractiveBackend backend, ManualQuestion question)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await retriever.SearchAsync(new SearchQuery { Collection = "manual", Text = question.Question, TopK = PassagesAsked }, CancellationToken.None);
        var searched = Stopwatch.GetElapsedTime(started);
        TimeSpan? answered = null;
        var shown = "";
        var isRefused = false;
        await foreach (var part in backend.AnswerAsync(Call(question, result), CancellationToken.None))
        {
            answered ??= Stopwatch.GetElapsedTime(started);
            shown += part.Text;
            isRefused |= part.IsRefusal;
        }

        shown = isRefused ? "" : Mark().Replace(shown, "");
        var pages = result.Passages.Select(passage => passage.Document).Distinct().ToList();
        var texts = result.Passages.Select(passage => passage.Text).ToArray();
        return new QuestionScore
        {
            Question = question,
            Rank = 1 + pages.FindIndex(page => question.Pages.Contains(page)),
            IsSpanFirst = texts.Take(1).Any(text => SpanText.Holds(text, question.Answer)),
            IsSpanFive = texts.Take(5).Any(text => SpanText.Holds(text, question.Answer)),
            IsSpanShown = shown.Length > 0 && SpanText.Holds(shown, question.Answer),
            WordsShown = Words(shown),
            WordsFirst = texts.Length > 0 ? Words(texts[0]) : 0,
            IsRefused = isRefused,
            Answerability = result.Answerable.Score,
            SearchMilliseconds = searched.TotalMilliseconds,
            AnswerMilliseconds = (answered ?? searched).TotalMilliseconds,
        };
    }

    private static AnswerCall Call(ManualQuestion question, SearchResult result) => new()
    {
        RequestId = question.Id,
        Kind = CallKind.Chat,
        Model = "extractive",
        Request = new ChatRequest { Messages = [new ChatMessage { Role = "user", Text = question.Question }] },
        Body = default,
        Retrieved = result,
    };

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(" \\[[0-9]+\\]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mark();
}
