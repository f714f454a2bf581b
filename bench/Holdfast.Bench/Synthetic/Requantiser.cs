using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;

namespace Holdfast.Bench.Synthetic;

/// <summary>Writes a model file anew with other tensor types, as llama-quantize with --allow-requantize would choose them.</summary>
internal static class Requantiser
{
    public static int Run(string from, string to, string mix)
    {
        if (QuantMix.BaseType(mix) is null)
        {
            Console.Error.WriteLine($"{mix} is no type; take {string.Join(", ", QuantMix.Usual)} or a tensor type");
            return 2;
        }

        using var file = GgufFile.Open(from);
        var writer = new GgufWriter();
        foreach (var (key, value) in file.Metadata.Values)
        {
            writer.Add(key, value);
        }

        var layers = file.Metadata.Whole($"{file.Metadata.Need("general.architecture")}.block_count") ?? 0;
        foreach (var tensor in file.Tensors)
        {
            var type = TypeOf(tensor, mix, layers);
            writer.AddTensor(tensor.Name, type, tensor.Rows == 1 ? [tensor.RowLength] : [tensor.RowLength, tensor.Rows], Encode(file, tensor, type));
        }

        using var stream = File.Create(to);
        writer.Write(stream);
        return 0;
    }

    private static TensorType TypeOf(TensorInfo tensor, string mix, int layers)
    {
        var parts = tensor.Name.Split('.');
        return tensor.Rows == 1 ? tensor.Type
            : parts is ["blk", var layer, var matrix, "weight"] ? QuantMix.OfLayer(mix, matrix, int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture), layers, tensor.RowLength)
            : QuantMix.OfHead(mix, tensor.RowLength);
    }

    private static byte[] Encode(GgufFile file, TensorInfo tensor, TensorType type)
    {
        var bytes = file.Read(tensor);
        if (tensor.Type == type)
        {
            return bytes;
        }

        var values = new float[tensor.Numbers];
        BlockCodecs.DecodeRow(tensor.Type, bytes, values);
        return BlockCodecs.Encode(type, values);
    }
}
