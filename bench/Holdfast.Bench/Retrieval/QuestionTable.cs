using System.Globalization;

namespace Holdfast.Bench.Retrieval;

/// <summary>Prints the scores: one line for each half, all, and each kind.</summary>
internal static class QuestionTable
{
    public static void Print(IReadOnlyList<QuestionScore> scores)
    {
        Console.WriteLine("| questions | n | hit@1 | hit@5 | MRR | span@1 (words) | span@5 | shown (words) | refused | false refusals | AUC |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Print("tuning half", [.. scores.Where(score => score.Question.IsTuning)]);
        Print("untouched half", [.. scores.Where(score => !score.Question.IsTuning)]);
        Print("all", [.. scores]);
        foreach (var kind in scores.Where(score => score.Question.IsAnswerable).Select(score => score.Question.Kind).Distinct().Order())
        {
            Print(kind, [.. scores.Where(score => score.Question.Kind == kind)]);
        }

        Times("search", scores.Select(score => score.SearchMilliseconds));
        Times("question to first sentence", scores.Where(score => !score.IsRefused).Select(score => score.AnswerMilliseconds));
    }

    private static void Print(string name, QuestionScore[] scores)
    {
        var answerable = scores.Where(score => score.Question.IsAnswerable).ToArray();
        var others = scores.Where(score => !score.Question.IsAnswerable).ToArray();
        double Share(Func<QuestionScore, double> value) => answerable.Average(value);
        string[] cells =
        [
            name,
            string.Create(CultureInfo.InvariantCulture, $"{answerable.Length} + {others.Length}"),
            Figure(Share(score => score.Rank == 1 ? 1 : 0)),
            Figure(Share(score => score.Rank is >= 1 and <= 5 ? 1 : 0)),
            Figure(Share(score => score.Rank > 0 ? 1.0 / score.Rank : 0)),
            string.Create(CultureInfo.InvariantCulture, $"{Share(score => score.IsSpanFirst ? 1 : 0):F3} ({Share(score => score.WordsFirst):F0})"),
            Figure(Share(score => score.IsSpanFive ? 1 : 0)),
            string.Create(CultureInfo.InvariantCulture, $"{Share(score => score.IsSpanShown ? 1 : 0):F3} ({Share(score => score.WordsShown):F0})"),
            others.Length == 0 ? "" : Figure(others.Average(score => score.IsRefused ? 1.0 : 0)),
            Figure(Share(score => score.IsRefused ? 1 : 0)),
            others.Length == 0 ? "" : Figure(AreaUnderCurve(answerable, others)),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    // Share of the pairs of an answerable and an unanswerable question that the score puts in order.
    private static double AreaUnderCurve(QuestionScore[] answerable, QuestionScore[] others) => answerable.Average(good => others.Average(bad =>
        good.Answerability > bad.Answerability ? 1 : good.Answerability == bad.Answerability ? 0.5 : 0));

    private static void Times(string name, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: p50 {sorted[sorted.Length / 2]:F1} ms, p95 {sorted[sorted.Length * 95 / 100]:F1} ms, most {sorted[^1]:F1} ms"));
    }

    private static string Figure(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
