using System.Text;

namespace Holdfast.Engine.Gguf;

/// <summary>Writes GGUF version 3: synthetic models for tests and the bench, re-quantised twins of real ones.</summary>
internal sealed class GgufWriter
{
    private readonly List<(string Key, object Value)> _values = [];
    private readonly List<(string Name, TensorType Type, int[] Dimensions, byte[] Data)> _tensors = [];

    public GgufWriter Add(string key, object value)
    {
        _values.Add((key, value));
        return this;
    }

    public GgufWriter AddTensor(string name, TensorType type, int[] dimensions, byte[] data)
    {
        var rows = dimensions.Skip(1).Aggregate(1L, (product, length) => product * length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(data.Length, TensorTypes.RowBytes(type, dimensions[0]) * rows, nameof(data));
        _tensors.Add((name, type, dimensions, data));
        return this;
    }

    public void Write(Stream stream)
    {
        var alignment = _values.Find(v => v.Key == "general.alignment").Value is uint stated ? (int)stated : GgufHeadReader.DefaultAlignment;
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(GgufHeadReader.Magic);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_values.Count);
        foreach (var (key, value) in _values)
        {
            WriteText(writer, key);
            writer.Write((uint)TypeOf(value));
            WriteValue(writer, value);
        }

        WriteTensors(writer, alignment);
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    private static GgufValueType TypeOf(object value) => value switch
    {
        byte => GgufValueType.UInt8,
        sbyte => GgufValueType.Int8,
        ushort => GgufValueType.UInt16,
        short => GgufValueType.Int16,
        uint => GgufValueType.UInt32,
        int => GgufValueType.Int32,
        float => GgufValueType.Float32,
        bool => GgufValueType.Bool,
        string => GgufValueType.String,
        ulong => GgufValueType.UInt64,
        long => GgufValueType.Int64,
        double => GgufValueType.Float64,
        Array => GgufValueType.Array,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "GGUF has no such value type"),
    };

    private static GgufValueType ElementTypeOf(Array array) => array switch
    {
        // The runtime lets byte[] pass for sbyte[] in a type pattern, so the element type decides.
        object[] and not string[] => GgufValueType.Array,
        string[] => GgufValueType.String,
        _ => TypeOf(Activator.CreateInstance(array.GetType().GetElementType()!)!),
    };

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteText(writer, v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            case Array array: WriteArray(writer, array); break;
            default: throw new ArgumentOutOfRangeException(nameof(value), value, "GGUF has no such value type");
        }
    }

    private static void WriteArray(BinaryWriter writer, Array array)
    {
        writer.Write((uint)ElementTypeOf(array));
        writer.Write((ulong)array.Length);
        foreach (var element in array)
        {
            WriteValue(writer, element!);
        }
    }

    private static void Pad(BinaryWriter writer, int alignment)
    {
        while (writer.BaseStream.Position % alignment != 0)
        {
            writer.Write((byte)0);
        }
    }

    private void WriteTensors(BinaryWriter writer, int alignment)
    {
        long offset = 0;
        foreach (var (name, type, dimensions, data) in _tensors)
        {
            WriteText(writer, name);
            writer.Write((uint)dimensions.Length);
            foreach (var length in dimensions)
            {
                writer.Write((ulong)length);
            }

            writer.Write((uint)type);
            writer.Write((ulong)offset);
            offset = (offset + data.Length + alignment - 1) / alignment * alignment;
        }

        Pad(writer, alignment);
        foreach (var (_, _, _, data) in _tensors)
        {
            writer.Write(data);
            Pad(writer, alignment);
        }
    }
}
