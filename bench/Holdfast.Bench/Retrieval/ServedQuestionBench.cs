using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Holdfast.Bench.Retrieval;

/// <summary>The question set through a running service, as a client sees it: a search of the vector store and a chat for each question.</summary>
internal static partial class ServedQuestionBench
{
    private const int ResultsAsked = 30;

    public static async Task<int> RunAsync(string baseUrl, string key, string questionsPath)
    {
        using var http = new HttpClient { BaseAddress = new Uri(baseUrl.TrimEnd('/') + "/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var stores = JsonDocument.Parse(await http.GetStringAsync(new Uri("vector_stores", UriKind.Relative)));
        var store = stores.RootElement.GetProperty("data")[0];
        var collection = store.GetProperty("name").GetString()!;
        var scores = new List<QuestionScore>();
        foreach (var question in ManualQuestion.Load(questionsPath))
        {
            scores.Add(await AskAsync(http, store.GetProperty("id").GetString()!, $"extractive@{collection}", question));
        }

        QuestionTable.Print(scores);
        return 0;
    }

    private static async Task<QuestionScore> AskAsync(HttpClient http, string store, string model, ManualQuestion question)
    {
        var started = Stopwatch.GetTimestamp();
        using var found = await PostAsync(http, $"vector_stores/{store}/search", new { query = question.Question, max_num_results = ResultsAsked });
        var searched = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        using var answer = await PostAsync(http, "chat/completions", new { model, messages = new[] { new { role = "user", content = question.Question } } });
        var answered = Stopwatch.GetElapsedTime(started);
        var data = found.RootElement.GetProperty("data").EnumerateArray().ToList();
        var pages = data.Select(static hit => hit.GetProperty("filename").GetString()!).Distinct().ToList();
        var texts = data.Select(static hit => hit.GetProperty("content")[0].GetProperty("text").GetString()!).ToList();
        var isRefused = answer.RootElement.GetProperty("holdfast").TryGetProperty("refused", out var refused) && refused.GetBoolean();
        var shown = isRefused ? "" : Mark().Replace(answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!, "");
        return new QuestionScore
        {
            Question = question,
            Rank = 1 + pages.FindIndex(page => question.Pages.Contains(page)),
            IsSpanFirst = texts.Take(1).Any(text => SpanText.Holds(text, question.Answer)),
            IsSpanFive = texts.Take(5).Any(text => SpanText.Holds(text, question.Answer)),
            IsSpanShown = shown.Length > 0 && SpanText.Holds(shown, question.Answer),
            WordsShown = Words(shown),
            WordsFirst = texts.Count > 0 ? Words(texts[0]) : 0,
            IsRefused = isRefused,

            // A client does not see the score, only what followed from it.
            Answerability = isRefused ? 0 : 1,
            SearchMilliseconds = searched.TotalMilliseconds,
            AnswerMilliseconds = answered.TotalMilliseconds,
        };
    }

    private static async Task<JsonDocument> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(" \\[[0-9]+\\]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mark();
}
