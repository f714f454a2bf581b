using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Bench.Retrieval;

/// <summary>A question over a manual, with the pages that answer it (none: unanswerable) and a literal span of one of them.</summary>
internal sealed record ManualQuestion(string Id, string Question, IReadOnlyList<string> Pages, string Answer, string Kind)
{
    public bool IsAnswerable => Pages.Count > 0;

    /// <summary>The half that weights and thresholds were chosen on: an even first byte of the id's SHA-256. The other half was scored last.</summary>
    public bool IsTuning => SHA256.HashData(Encoding.UTF8.GetBytes(Id))[0] % 2 == 0;

    public static IReadOnlyList<ManualQuestion> Load(string path)
    {
        var questions = new List<ManualQuestion>();
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            questions.Add(new ManualQuestion(
                root.GetProperty("id").GetString()!,
                root.GetProperty("question").GetString()!,
                [.. root.GetProperty("pages").EnumerateArray().Select(page => page.GetString()!)],
                root.TryGetProperty("answer", out var answer) ? answer.GetString() ?? "" : "",
                root.GetProperty("kind").GetString()!));
        }

        return questions;
    }
}
