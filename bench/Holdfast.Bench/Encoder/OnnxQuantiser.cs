using System.Runtime.InteropServices;

namespace Holdfast.Bench.Encoder;

/// <summary>
/// Rewrites an ONNX model as onnxruntime's quantize_dynamic does with signed weights a channel each: a product with constant weights
/// becomes DynamicQuantizeLinear, MatMulInteger and a scale. The runtime fuses these again when it loads the model.
/// </summary>
internal static class OnnxQuantiser
{
    // Field numbers of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeInput = 1;
    private const int NodeOutput = 2;
    private const int NodeName = 3;
    private const int NodeOp = 4;
    private const int NodeAttribute = 5;
    private const int TensorDims = 1;
    private const int TensorType = 2;
    private const int TensorName = 8;
    private const int TensorRaw = 9;
    private const ulong Float = 1;
    private const ulong Int8 = 3;

    /// <summary>The model and how many products were rewritten.</summary>
    public static (byte[] Model, int Products) Quantise(ReadOnlySpan<byte> bytes)
    {
        var model = ProtoMessage.Parse(bytes);
        var graph = ProtoMessage.Parse(model.All(ModelGraph).Single());
        var weights = graph.All(GraphInitializer).Select(b => ProtoMessage.Parse(b)).ToDictionary(t => t.Text(TensorName), StringComparer.Ordinal);
        var nodes = graph.All(GraphNode).ToList();
        graph.Remove(GraphNode);
        graph.Remove(GraphInitializer);
        HashSet<string> rounded = [], replaced = [];
        foreach (var bytesOfNode in nodes)
        {
            var node = ProtoMessage.Parse(bytesOfNode);
            var inputs = node.Texts(NodeInput).ToArray();
            if (node.Text(NodeOp) == "MatMul" && weights.TryGetValue(inputs[1], out var weight) && weight.Numbers(TensorDims).Count() == 2)
            {
                AddProduct(graph, inputs[0], node.Text(NodeOutput), weight, isRounded: !rounded.Add(inputs[0]));
                replaced.Add(inputs[1]);
            }
            else
            {
                graph.Add(GraphNode, bytesOfNode);
            }
        }

        foreach (var (name, tensor) in weights.Where(w => !replaced.Contains(w.Key)))
        {
            graph.Add(GraphInitializer, tensor.ToBytes());
        }

        model.Remove(ModelGraph);
        return (model.Add(ModelGraph, graph.ToBytes()).ToBytes(), replaced.Count);
    }

    private static void AddProduct(ProtoMessage graph, string input, string output, ProtoMessage weight, bool isRounded)
    {
        var name = weight.Text(TensorName);
        var (values, scales) = Rounded(weight);
        var dims = weight.Numbers(TensorDims).ToArray();
        graph.Add(GraphInitializer, Tensor(name + "_q", Int8, dims, MemoryMarshal.AsBytes(values.AsSpan())));
        graph.Add(GraphInitializer, Tensor(name + "_scale", Float, [dims[1]], MemoryMarshal.AsBytes(scales.AsSpan())));
        graph.Add(GraphInitializer, Tensor(name + "_zero", Int8, [dims[1]], new byte[dims[1]]));
        if (!isRounded)
        {
            graph.Add(GraphNode, Node("DynamicQuantizeLinear", [input], [input + "_q", input + "_scale", input + "_zero"]));
        }

        graph.Add(GraphNode, Node("MatMulInteger", [input + "_q", name + "_q", input + "_zero", name + "_zero"], [output + "_whole"]));
        var attribute = new ProtoMessage().Add(1, "to").Add(3, Float).Add(20, 2);
        graph.Add(GraphNode, Node("Cast", [output + "_whole"], [output + "_float"], attribute));
        graph.Add(GraphNode, Node("Mul", [input + "_scale", name + "_scale"], [output + "_scales"]));
        graph.Add(GraphNode, Node("Mul", [output + "_float", output + "_scales"], [output]));
    }

    /// <summary>Weights of inputs x outputs as signed bytes, a scale for each output.</summary>
    private static (sbyte[] Values, float[] Scales) Rounded(ProtoMessage weight)
    {
        var floats = MemoryMarshal.Cast<byte, float>(weight.All(TensorRaw).Single());
        var columns = (int)weight.Numbers(TensorDims).Last();
        var scales = new float[columns];
        for (var i = 0; i < floats.Length; i++)
        {
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(floats[i]) / 127);
        }

        var values = new sbyte[floats.Length];
        for (var i = 0; i < floats.Length; i++)
        {
            values[i] = (sbyte)Math.Clamp(MathF.Round(floats[i] / scales[i % columns]), -127, 127);
        }

        return (values, scales);
    }

    private static byte[] Tensor(string name, ulong type, ulong[] dims, ReadOnlySpan<byte> raw)
    {
        var tensor = new ProtoMessage();
        Array.ForEach(dims, d => tensor.Add(TensorDims, d));
        return tensor.Add(TensorType, type).Add(TensorName, name).Add(TensorRaw, raw.ToArray()).ToBytes();
    }

    private static byte[] Node(string op, string[] inputs, string[] outputs, ProtoMessage? attribute = null)
    {
        var node = new ProtoMessage();
        Array.ForEach(inputs, i => node.Add(NodeInput, i));
        Array.ForEach(outputs, o => node.Add(NodeOutput, o));
        node.Add(NodeName, outputs[0] + "_" + op).Add(NodeOp, op);
        return (attribute is null ? node : node.Add(NodeAttribute, attribute.ToBytes())).ToBytes();
    }
}
