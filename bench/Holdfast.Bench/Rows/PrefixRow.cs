using System.Text;
using Holdfast.Engine.Serving;

namespace Holdfast.Bench.Rows;

/// <summary>Time to the first token of 512 + 32 tokens when the first 512 are in the cache, beside the same without; and whether the logits agree to the last bit.</summary>
internal static class PrefixRow
{
    private const int PrefixTokens = 512;
    private const int TailTokens = 32;
    private const int Rounds = 5;
    private const double Times = 8;

    public static async Task<IReadOnlyList<FigureRow>> MeasureAsync(string file)
    {
        using var backend = EngineBackend.Load(file, new EngineOptions { KvMiB = 256 }, gate: null, TimeProvider.System);
        using var fresh = EngineBackend.Load(file, new EngineOptions { KvMiB = 256 }, gate: null, TimeProvider.System);
        await EngineCalls.CompleteAsync(backend, Text(backend, "warm up", PrefixTokens), 8);
        var (cold, hit, isSame) = (TimeSpan.MaxValue, TimeSpan.MaxValue, true);
        for (var round = 0; round < Rounds; round++)
        {
            var prefix = Text(backend, $"Shift {round}.", PrefixTokens);
            var first = await EngineCalls.CompleteAsync(backend, prefix + Text(backend, "\nFirst", TailTokens), 1);
            var second = prefix + Text(backend, "\nSecond", TailTokens);
            var cached = await EngineCalls.CompleteAsync(backend, second, 1, topLogprobs: 20);
            var whole = await EngineCalls.CompleteAsync(fresh, second, 1, topLogprobs: 20);
            (cold, hit) = (first.First < cold ? first.First : cold, cached.First < hit ? cached.First : hit);
            isSame &= EngineCalls.Logprobs(cached.Parts) is { Length: > 0 } own && own == EngineCalls.Logprobs(whole.Parts);
        }

        var name = Path.GetFileName(file);
        return
        [
            new FigureRow(name, "prefix hit, 512 + 32 tokens", $"{cold.TotalMilliseconds:f0} to {hit.TotalMilliseconds:f0} ms = {cold / hit:f1} x, best of {Rounds}", $"{Times} x", cold >= Times * hit),
            new FigureRow(name, "prefix hit, top 20 log probabilities", isSame ? $"equal to the last digit in {Rounds} of {Rounds}" : "differ", "equal", isSame),
        ];
    }

    /// <summary>Words after a beginning, as many as give the number of tokens.</summary>
    private static string Text(EngineBackend backend, string start, int tokens)
    {
        var text = new StringBuilder(start);
        for (var word = 0; backend.Count(backend.Models[0].Id, text.ToString()).Tokens < tokens; word++)
        {
            text.Append(word % 3 == 0 ? " the" : word % 3 == 1 ? " engine" : " waits");
        }

        return text.ToString();
    }
}
