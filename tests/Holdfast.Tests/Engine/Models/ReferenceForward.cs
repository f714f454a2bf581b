using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;

namespace Holdfast.Tests.Engine.Models;

/// <summary>The slow, obvious forward pass in double precision over decoded weights: every token sees all before it, nothing is cached.</summary>
internal sealed class ReferenceForward(GgufFile file)
{
    private readonly string _architecture = file.Metadata.Need("general.architecture");
    private readonly Dictionary<string, double[]> _tensors = file.Tensors.ToDictionary(t => t.Name, t =>
    {
        var values = new float[t.Numbers];
        BlockCodecs.DecodeRow(t.Type, file.Read(t), values);
        return Array.ConvertAll(values, v => (double)v);
    });

    /// <summary>The logits of every position.</summary>
    public double[][] Run(int[] ids)
    {
        var width = Whole("embedding_length");
        var x = ids.Select(id => _tensors["token_embd.weight"][(id * width)..((id + 1) * width)]).ToArray();
        for (var layer = 0; layer < Whole("block_count"); layer++)
        {
            var name = $"blk.{layer}.";
            var attended = Attention(name, x);
            x = Sum(x, attended.Select(a => Multiply(name + "attn_output.weight", a)));
            x = Sum(x, x.Select(row => Feed(name, Norm(row, name + "ffn_norm.weight"))));
        }

        var head = _tensors.ContainsKey("output.weight") ? "output.weight" : "token_embd.weight";
        return [.. x.Select(row => Multiply(head, Norm(row, "output_norm.weight")))];
    }

    private int Whole(string key) => file.Metadata.Whole($"{_architecture}.{key}")!.Value;

    private static double[][] Sum(double[][] x, IEnumerable<double[]> more) =>
        [.. x.Zip(more, (a, b) => a.Zip(b, (p, q) => p + q).ToArray())];

    private double[] Multiply(string name, double[] x)
    {
        var w = _tensors[name];
        return [.. Enumerable.Range(0, w.Length / x.Length).Select(r => Enumerable.Range(0, x.Length).Sum(k => w[r * x.Length + k] * x[k]))];
    }

    private double[] Norm(double[] x, string weight)
    {
        var scale = 1 / Math.Sqrt(x.Sum(v => v * v) / x.Length + file.Metadata.Number($"{_architecture}.attention.layer_norm_rms_epsilon")!.Value);
        return [.. x.Zip(_tensors[weight], (v, w) => v * scale * w)];
    }

    private double[] Feed(string name, double[] x)
    {
        var gate = Multiply(name + "ffn_gate.weight", x);
        var up = Multiply(name + "ffn_up.weight", x);
        return Multiply(name + "ffn_down.weight", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]);
    }

    private double[][] Attention(string name, double[][] x)
    {
        var (heads, kvHeads) = (Whole("attention.head_count"), Whole("attention.head_count_kv"));
        var normed = x.Select(row => Norm(row, name + "attn_norm.weight")).ToArray();
        var q = Heads(name, "attn_q", normed, heads);
        var k = Heads(name, "attn_k", normed, kvHeads);
        var v = Heads(name, "attn_v", normed, kvHeads);
        return [.. x.Select((_, t) => Enumerable.Range(0, heads).SelectMany(h =>
        {
            var kv = h / (heads / kvHeads);
            var scores = Enumerable.Range(0, t + 1).Select(s => q[t][h].Zip(k[s][kv], (a, b) => a * b).Sum() / Math.Sqrt(q[t][h].Length)).ToArray();
            var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
            return Enumerable.Range(0, q[t][h].Length).Select(d => Enumerable.Range(0, t + 1).Sum(s => weights[s] * v[s][kv][d]) / weights.Sum());
        }).ToArray())];
    }

    /// <summary>[token][head][dimension], turned where that applies.</summary>
    private double[][][] Heads(string name, string part, double[][] x, int heads) =>
        [.. x.Select((row, position) =>
        {
            var all = Multiply($"{name}{part}.weight", row);
            if (_tensors.TryGetValue($"{name}{part}.bias", out var bias))
            {
                all = [.. all.Zip(bias, (a, b) => a + b)];
            }

            return all.Chunk(all.Length / heads).Select(head => part == "attn_v" ? head : Turn(Normed(head, $"{name}{part}_norm.weight"), position)).ToArray();
        })];

    private double[] Normed(double[] head, string weight) => _tensors.ContainsKey(weight) ? Norm(head, weight) : head;

    private double[] Turn(double[] head, int position)
    {
        var turned = new double[head.Length];
        for (var i = 0; i < head.Length / 2; i++)
        {
            var factor = _tensors.TryGetValue("rope_freqs.weight", out var factors) ? factors[i] : 1;
            var angle = position * Math.Pow(file.Metadata.Number($"{_architecture}.rope.freq_base")!.Value, -2.0 * i / head.Length) / factor;
            var (a, b) = _architecture == "llama" ? (2 * i, 2 * i + 1) : (i, i + head.Length / 2);
            turned[a] = head[a] * Math.Cos(angle) - head[b] * Math.Sin(angle);
            turned[b] = head[a] * Math.Sin(angle) + head[b] * Math.Cos(angle);
        }

        return turned;
    }
}
