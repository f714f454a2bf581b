using System.Text;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

/// <summary>A byte-level vocabulary learnt from a text in the plainest way, so that tests have one without a file.</summary>
internal static class SmallVocabulary
{
    public const string Text =
        "The service restarts when the budget is spent. {\"name\": \"restart\", \"arguments\": {\"service\": \"billing\"}} " +
        "It's there's we'll don't 12345 2026 naïve Größe 東京 😀😀  \n\n\t  {\"steps\": [\"one\", \"two\"], \"severity\": \"high\", \"count\": 12.5, \"ok\": true, \"none\": null}";

    public static Tokenizer Train(string pre, int merges = 200) => new(Data(pre, merges));

    public static TokenizerData Data(string pre, int merges = 200)
    {
        var alphabet = Enumerable.Range(0, 256).Select(Spelling).ToArray();
        var tokens = new List<string>(alphabet);
        var rules = new List<string>();
        var words = Text.Split(' ').Select(w => ("Ġ" + w).SelectMany(c => c == 'Ġ' ? ["Ġ"] : Encoding.UTF8.GetBytes([c]).Select(b => alphabet[b])).ToList()).ToList();
        while (rules.Count < merges)
        {
            var best = words.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.First + g.Key.Second, StringComparer.Ordinal).FirstOrDefault();
            if (best is null)
            {
                break;
            }

            var (left, right) = best.Key;
            rules.Add($"{left} {right}");
            if (!tokens.Contains(left + right))
            {
                tokens.Add(left + right);
            }

            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        var types = Enumerable.Repeat((int)TokenKind.Normal, tokens.Count).ToList();
        foreach (var (name, kind) in new[] { ("<|im_start|>", TokenKind.Control), ("<|im_end|>", TokenKind.Control), ("<tool_call>", TokenKind.UserDefined), ("</think>", TokenKind.UserDefined) })
        {
            tokens.Add(name);
            types.Add((int)kind);
        }

        return new TokenizerData { Model = "gpt2", Pre = pre, Tokens = tokens, Types = types, Merges = rules, Eos = tokens.IndexOf("<|im_end|>") };
    }

    /// <summary>As SmolLM2's: some bytes have no token, and the unknown token is the end token.</summary>
    public static TokenizerData DataWithout(string pre, params byte[] bytes)
    {
        var data = Data(pre);
        var missing = bytes.Select(b => Spelling(b)[0]).ToArray();
        var kept = Enumerable.Range(0, data.Tokens.Count).Where(i => data.Types[i] != (int)TokenKind.Normal || data.Tokens[i].IndexOfAny(missing) < 0).ToArray();
        var end = Array.FindIndex(kept, i => i == data.Eos);
        return data with
        {
            Tokens = [.. kept.Select(i => data.Tokens[i])],
            Types = [.. kept.Select(i => data.Types[i])],
            Merges = [.. data.Merges.Where(m => m.IndexOfAny(missing) < 0)],
            Eos = end,
            Unknown = end,
        };
    }

    private static string Spelling(int value)
    {
        static bool IsPrintable(int b) => b is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
        return ((char)(IsPrintable(value) ? value : 256 + Enumerable.Range(0, value).Count(b => !IsPrintable(b)))).ToString();
    }
}
