using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Bench.Engine;
using Holdfast.Engine.Embedding;

namespace Holdfast.Bench.Encoder;

/// <summary>The shipped encoder beside ONNX Runtime with 8-bit weights: one thread each, in turns, tokens per second of processor time.</summary>
internal static class EncoderBench
{
    private const int Rounds = 7;
    private const int PassagePieces = 256;
    private const int Passages = 32;
    private const int PaddedBatch = 8;
    private const double Target = 1.3;

    public static async Task<int> RunAsync(string golden)
    {
        OnnxEncoder loaded;
        try
        {
            loaded = OnnxEncoder.Load();
        }
        catch (FileNotFoundException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }

        using var onnx = loaded;
        using var own = EmbeddingEngine.Load(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions { Threads = 1 }, gate: null);
        Console.WriteLine(MachineLine.Now());
        var texts = File.ReadLines(golden).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        await CompareQualityAsync(texts, own, onnx);
        var mixed = texts.Select(t => (Text: t.GetProperty("text").GetString()!, Ids: Ids(t))).Where(t => t.Ids.Length <= own.TokensMax).ToArray();
        var passages = Enumerable.Range(0, Passages).Select(Passage).ToArray();
        var isReached = await CompareSpeedAsync($"{Passages} passages of {PassagePieces} pieces", passages, own, onnx);
        await CompareSpeedAsync($"{mixed.Length} texts of {mixed.Min(t => t.Ids.Length)} to {mixed.Max(t => t.Ids.Length)} pieces", mixed, own, onnx);
        Console.WriteLine(MachineLine.Load());
        return isReached ? 0 : 1;
    }

    private static async Task CompareQualityAsync(JsonElement[] texts, EmbeddingEngine own, OnnxEncoder onnx)
    {
        List<double> ours = [], theirs = [];
        foreach (var text in texts)
        {
            var exact = MemoryMarshal.Cast<byte, float>(text.GetProperty("vector").GetBytesFromBase64()).ToArray();
            var embedded = await own.EmbedAsync([text.GetProperty("text").GetString()!], isBackground: false, allowsCut: true, CancellationToken.None);
            if (embedded.Tokens[0] != text.GetProperty("tokens").GetInt32())
            {
                // Two texts name special tokens: the reference takes the names for the tokens, which a caller's text must never do here.
                continue;
            }

            ours.Add(Cosine(exact, embedded.Vectors[0]));
            theirs.Add(Cosine(exact, onnx.Embed([Ids(text)])[0]));
        }

        Console.WriteLine($"cosine to the float32 reference on {ours.Count} texts, mean (least): ours {ours.Average():f5} ({ours.Min():f5}), ONNX Runtime with {onnx.Products} products of 8 bits {theirs.Average():f5} ({theirs.Min():f5})");
    }

    private static async Task<bool> CompareSpeedAsync(string name, (string Text, int[] Ids)[] texts, EmbeddingEngine own, OnnxEncoder onnx)
    {
        var tokens = texts.Sum(t => t.Ids.Length);
        string[] words = [.. texts.Select(t => t.Text)];
        int[][] ids = [.. texts.Select(t => t.Ids)];
        var counted = await own.EmbedAsync(words, isBackground: false, allowsCut: true, CancellationToken.None);
        if (counted.Tokens.Sum(t => Math.Min(t, own.TokensMax)) is var read && Math.Abs(read - tokens) > tokens / 50)
        {
            throw new InvalidOperationException($"we read {read} tokens, the other {tokens}");
        }

        var clocks = new TwoClocks();
        var (ours, alone, padded) = (0.0, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            clocks.GetTimestamp();
            await own.EmbedAsync(words, isBackground: false, allowsCut: true, CancellationToken.None);
            ours = Math.Max(ours, Rate());
            Array.ForEach(ids, t => onnx.Embed([t]));
            alone = Math.Max(alone, Rate());
            Array.ForEach([.. ids.Chunk(PaddedBatch)], batch => onnx.Embed(batch));
            padded = Math.Max(padded, Rate());
        }

        var best = Math.Max(alone, padded);
        Console.WriteLine($"{name}, tokens per CPU second: ours {ours:f0}; ONNX Runtime one by one {alone:f0}, in padded batches of {PaddedBatch} {padded:f0}; {ours / best:f2} x (target {Target})");
        return ours >= Target * best;

        double Rate()
        {
            clocks.GetTimestamp();
            return tokens / clocks.CpuLately.TotalSeconds;
        }
    }

    /// <summary>Words of one piece each, so that both sides read the same ids; 1996, 3194 and so on are their numbers.</summary>
    private static (string Text, int[] Ids) Passage(int number)
    {
        (string Word, int Id)[] words = [("the", 1996), ("model", 2944), ("water", 2300), ("city", 2103), ("time", 2051), ("house", 2160), ("world", 2088)];
        var chosen = Enumerable.Range(0, PassagePieces - 2).Select(i => words[(i * (number + 3) + i / 7) % words.Length]).ToArray();
        return (string.Join(' ', chosen.Select(w => w.Word)), [101, .. chosen.Select(w => w.Id), 102]);
    }

    private static int[] Ids(JsonElement text) => [.. text.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];

    private static double Cosine(float[] a, float[] b)
    {
        var (dot, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            (dot, aa, bb) = (dot + a[i] * b[i], aa + a[i] * a[i], bb + b[i] * b[i]);
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
