using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Gateway.Prompts;

/// <summary>
/// Writes passages between fences that mark them as data. The fence is the start of a hash over all of them: no passage can hold its own
/// hash, so none can close its fence and speak as the prompt, and the same passages still render the same bytes.
/// </summary>
internal static class FencedPassages
{
    /// <summary>How every fence begins. An answer that writes one goes on with passages that nobody retrieved.</summary>
    public static IReadOnlyList<string> Beginnings { get; } = ["<passage-", "</passage-"];

    public static string Write(IReadOnlyList<Passage> passages)
    {
        var fence = Fence(passages);
        var text = new StringBuilder();
        for (var i = 0; i < passages.Count; i++)
        {
            var passage = passages[i];
            text.Append(CultureInfo.InvariantCulture, $"<passage-{fence} n=\"{i + 1}\" source=\"{Attribute(Source(passage))}\">\n");
            text.Append(passage.Text);
            text.Append(CultureInfo.InvariantCulture, $"\n</passage-{fence}>\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Fence(IReadOnlyList<Passage> passages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var passage in passages)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(passage.Text));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string Source(Passage passage) =>
        passage.Heading is { Length: > 0 } heading ? $"{passage.Document}, {heading}" : passage.Document;

    /// <summary>A file name is data too.</summary>
    private static string Attribute(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            safe.Append(c is '"' or '<' or '>' || char.IsControl(c) ? ' ' : c);
        }

        return safe.ToString();
    }
}
