using System.Diagnostics;
using System.Text.Json;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Bench.Engine;

/// <summary>What tokenising and constraining cost with the vocabulary of a file: one thread, best of five, masks without the cache.</summary>
internal static class TextBench
{
    private const string Schema =
        """{"type":"object","additionalProperties":false,"required":["service","severity","steps","count"],"properties":{"service":{"type":"string","maxLength":30},"severity":{"enum":["low","high"]},"steps":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"string"}},"count":{"type":"integer","minimum":1,"maximum":250},"id":{"type":"string","pattern":"^[A-Z]{2}-[0-9]{4}$"}}}""";

    public static int Run(string path)
    {
        using var file = GgufFile.Open(path);
        var data = TokenizerFile.Read(file.Metadata);
        var loading = Stopwatch.StartNew();
        var tokenizer = new Tokenizer(data);
        Console.WriteLine($"vocabulary {tokenizer.Vocabulary.Count} tokens, {tokenizer.HeldBytes / 1e6:0.0} MB, made in {loading.Elapsed.TotalMilliseconds:0} ms");
        Tokenise(tokenizer);

        loading.Restart();
        var masks = new VocabularyMasks(tokenizer, cacheBytesMax: 0);
        Console.WriteLine($"masks: trie {masks.Trie.Nodes} nodes, not plain {masks.RestTrie.Nodes}, {masks.HeldBytes / 1e6:0.0} MB, made in {loading.Elapsed.TotalMilliseconds:0} ms");
        var schema = JsonSerializer.Deserialize<JsonElement>(Schema);
        Console.WriteLine($"compile the schema of {Schema.Length} characters: {Best(() => SchemaCompiler.Compile(schema, tokenizer.Writable)):0} us");
        var constraint = new TokenConstraint(SchemaCompiler.Compile(schema, tokenizer.Writable), masks);
        var free = new TokenConstraint(ConstraintGrammars.AnyObject(tokenizer.Writable), masks);
        Report(constraint, "start", "");
        Report(constraint, "in a key", "{\"ser");
        Report(constraint, "before a string", "{\"service\":");
        Report(constraint, "in a string, 30 left", "{\"service\":\"");
        Report(constraint, "in a string, 3 left", "{\"service\":\"billing service was down ab");
        Report(constraint, "escape in a string", "{\"service\":\"a\\");
        Report(constraint, "in an enum", "{\"service\":\"a\",\"severity\":\"");
        Report(constraint, "in a string, no limit", "{\"service\":\"a\",\"severity\":\"low\",\"steps\":[\"");
        Report(constraint, "in a number with a range", "{\"service\":\"a\",\"severity\":\"low\",\"steps\":[\"x\"],\"count\": 2");
        Report(constraint, "in a pattern", "{\"service\":\"a\",\"severity\":\"low\",\"steps\":[\"x\"],\"count\": 2,\"id\":\"A");
        Report(free, "any object: before a key", "{");
        Report(free, "any object: in a key", "{\"a");
        Report(free, "any object: before a value", "{\"a\":");
        Report(free, "any object: in a string", "{\"a\":\"b");
        Report(Branches(masks, i => $"{{\"type\":\"string\",\"minLength\":{i},\"maxLength\":{1000 + i}}}"), "128 strings at one place", "\"");
        Report(Branches(masks, i => $"{{\"type\":\"object\",\"properties\":{{\"a\":{{\"type\":\"string\"}},\"x{i}\":{{\"const\":{i}}}}}}}"), "strings of 128 objects", "{\"a\":\"b");
        return 0;
    }

    private static TokenConstraint Branches(VocabularyMasks masks, Func<int, string> branch) => new(
        SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>($"{{\"anyOf\":[{string.Join(',', Enumerable.Range(0, 128).Select(branch))}]}}"), masks.Tokenizer.Writable), masks);

    private static void Tokenise(Tokenizer tokenizer)
    {
        var text = string.Concat(Enumerable.Repeat("The billing service restarted at 12:45, and its 3 replicas don't answer: see the runbook's page on memory.\n", 2000));
        var tokens = tokenizer.Encode(text, allowSpecial: false).Count;
        var microseconds = Best(() => tokenizer.Encode(text, allowSpecial: false));
        Console.WriteLine($"tokenise prose: {tokens / microseconds:0.00} M tokens/s, {text.Length / microseconds:0.0} MB/s");
        foreach (var (name, unit) in new[] { ("letters", "a"), ("spaces", " "), ("ideographs", "漢") })
        {
            var (half, whole) = (string.Concat(Enumerable.Repeat(unit, 100_000)), string.Concat(Enumerable.Repeat(unit, 200_000)));
            Console.WriteLine($"  200,000 {name}: {Best(() => tokenizer.Encode(whole, false)) / 1000:0.0} ms, half of them {Best(() => tokenizer.Encode(half, false)) / 1000:0.0} ms");
        }
    }

    private static void Report(TokenConstraint constraint, string name, string before)
    {
        var state = constraint.AdvanceText(constraint.Start, before) ?? throw new InvalidOperationException($"{before} is not allowed");
        var mask = new ulong[constraint.MaskWords];
        var microseconds = Best(() => constraint.Mask(state, mask));
        var forced = Best(() => constraint.Forced(state));
        Console.WriteLine($"  {name,-28} {mask.Sum(w => (long)ulong.PopCount(w)),7} tokens  mask {microseconds,8:0.0} us   forced {forced,7:0.0} us");
    }

    private static double Best(Action action)
    {
        for (var i = 0; i < 20; i++)
        {
            action();
        }

        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            var runs = 0;
            do
            {
                action();
                runs++;
            }
            while (watch.ElapsedMilliseconds < 60);
            best = Math.Min(best, watch.Elapsed.TotalMicroseconds / runs);
        }

        return best;
    }
}
