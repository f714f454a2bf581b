namespace Holdfast.Engine.Gguf;

/// <summary>Parses the head of a GGUF file: magic, version, metadata, tensor places. Everything is checked before it is believed.</summary>
internal sealed class GgufHeadReader(GgufCursor cursor, string file, long fileBytes)
{
    public const uint Magic = 0x46554747;
    public const int DefaultAlignment = 32;
    private const int KeyBytesMax = 1 << 10;
    private const int TextBytesMax = 1 << 24;
    private const int DimensionsMax = 4;
    private const int NestingMax = 4;

    // What a file may hold of each, of which the largest published ones use a sixth or less: their vocabularies have 2^18 tokens, each with
    // a text, a score and a type, and 2^19 merges, of some ten bytes. Holes in a sparse file cost nothing on disk, but elements memory here.
    private const int TensorsMax = 1 << 17;
    private const int KeysMax = 1 << 16;
    private const int ElementsMax = 1 << 23;
    private const int TextsBytesMax = 1 << 26;

    private int _elements;
    private long _textsBytes;

    public GgufHead Read()
    {
        if (cursor.Left < 24)
        {
            throw cursor.Fault($"the file has {fileBytes} bytes; a GGUF file has at least 24");
        }

        var magic = cursor.UInt32();
        if (magic != Magic)
        {
            throw cursor.Fault($"the file starts with {magic:x8}, not with the letters GGUF", 0);
        }

        var version = cursor.UInt32();
        if (version is < 2 or > 3)
        {
            throw cursor.Fault($"GGUF version {version}; this engine reads 2 and 3", 4);
        }

        var tensorCount = Count("tensors", 24, TensorsMax);
        var keyCount = Count("keys", 13, KeysMax);
        var metadata = ReadMetadata(keyCount);
        var tensors = ReadTensors(tensorCount, Alignment(metadata));
        return new GgufHead((int)version, metadata, tensors);
    }

    private static bool IsPowerOfTwo(int value) => value > 0 && (value & (value - 1)) == 0;

    private static int BytesMin(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.Array => 12,
        _ => 8,
    };

    private int Count(string what, int bytesEach, int most)
    {
        var start = cursor.Offset;
        var count = cursor.Count(what, bytesEach);
        return count <= most ? count : throw cursor.Fault($"{count} {what}; the limit is {most}", start);
    }

    private int Alignment(GgufMetadata metadata)
    {
        var alignment = metadata.Whole("general.alignment") ?? DefaultAlignment;
        return IsPowerOfTwo(alignment)
            ? alignment
            : throw new ModelFileException(file, null, $"general.alignment is {alignment}; it must be a power of two");
    }

    private GgufMetadata ReadMetadata(int count)
    {
        var values = new Dictionary<string, object>(Math.Min(count, 1024), StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var start = cursor.Offset;
            var key = cursor.Text(KeyBytesMax);
            if (!values.TryAdd(key, ReadValue(key, ReadValueType(), depth: 0)))
            {
                throw cursor.Fault($"the key {key} stands twice in the file", start);
            }
        }

        return new GgufMetadata(file, values);
    }

    private GgufValueType ReadValueType()
    {
        var type = cursor.UInt32();
        return type <= (uint)GgufValueType.Float64
            ? (GgufValueType)type
            : throw cursor.Fault($"value type {type} is not one of GGUF's thirteen", cursor.Offset - 4);
    }

    private object ReadValue(string key, GgufValueType type, int depth) => type switch
    {
        GgufValueType.UInt8 => cursor.Byte(),
        GgufValueType.Int8 => (sbyte)cursor.Byte(),
        GgufValueType.UInt16 => cursor.UInt16(),
        GgufValueType.Int16 => (short)cursor.UInt16(),
        GgufValueType.UInt32 => cursor.UInt32(),
        GgufValueType.Int32 => (int)cursor.UInt32(),
        GgufValueType.Float32 => cursor.Float32(),
        GgufValueType.Bool => cursor.Bool(),
        GgufValueType.String => ReadText(key),
        GgufValueType.UInt64 => cursor.UInt64(),
        GgufValueType.Int64 => (long)cursor.UInt64(),
        GgufValueType.Float64 => cursor.Float64(),
        _ => ReadArray(key, depth + 1),
    };

    private string ReadText(string key)
    {
        var start = cursor.Offset;
        var text = cursor.Text(TextBytesMax);
        _textsBytes += cursor.Offset - start;
        return _textsBytes <= TextsBytesMax
            ? text
            : throw cursor.Fault($"the key {key} brings the texts of the head to {_textsBytes} bytes; the limit is {TextsBytesMax}", start);
    }

    private object ReadArray(string key, int depth)
    {
        if (depth > NestingMax)
        {
            throw cursor.Fault($"the key {key} holds arrays nested deeper than {NestingMax}");
        }

        var type = ReadValueType();
        var start = cursor.Offset;
        var count = cursor.Count("array elements", BytesMin(type));
        if (count > ElementsMax - _elements)
        {
            throw cursor.Fault($"the key {key} holds an array of {count} elements, with {_elements} in arrays before it; the limit of a file is {ElementsMax}", start);
        }

        _elements += count;
        return type switch
        {
            GgufValueType.UInt8 => Many(count, cursor.Byte),
            GgufValueType.Int8 => Many(count, () => (sbyte)cursor.Byte()),
            GgufValueType.UInt16 => Many(count, cursor.UInt16),
            GgufValueType.Int16 => Many(count, () => (short)cursor.UInt16()),
            GgufValueType.UInt32 => Many(count, cursor.UInt32),
            GgufValueType.Int32 => Many(count, () => (int)cursor.UInt32()),
            GgufValueType.Float32 => Many(count, cursor.Float32),
            GgufValueType.Bool => Many(count, cursor.Bool),
            GgufValueType.String => Many(count, () => ReadText(key)),
            GgufValueType.UInt64 => Many(count, cursor.UInt64),
            GgufValueType.Int64 => Many(count, () => (long)cursor.UInt64()),
            GgufValueType.Float64 => Many(count, cursor.Float64),
            _ => Many(count, () => ReadArray(key, depth + 1)),
        };
    }

    private static T[] Many<T>(int count, Func<T> one)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = one();
        }

        return values;
    }

    private List<TensorInfo> ReadTensors(int count, int alignment)
    {
        var tensors = new List<TensorInfo>(count);
        var places = new List<long>(count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            places.Add(cursor.Offset);
            var tensor = ReadTensor(alignment);
            if (!names.Add(tensor.Name))
            {
                throw cursor.Fault($"the tensor {tensor.Name} stands twice in the file", places[i]);
            }

            tensors.Add(tensor);
        }

        var dataStart = (cursor.Offset + alignment - 1) / alignment * alignment;
        for (var i = 0; i < count; i++)
        {
            tensors[i] = Place(tensors[i], dataStart, places[i]);
        }

        CheckApart(tensors);
        return tensors;
    }

    /// <summary>No byte belongs to two tensors, so all of them together are never larger than the file.</summary>
    private void CheckApart(List<TensorInfo> tensors)
    {
        var (end, before) = (0L, "");
        foreach (var tensor in tensors.OrderBy(t => t.Offset))
        {
            if (tensor.Offset < end)
            {
                throw cursor.Fault($"the tensor {tensor.Name} starts inside the tensor {before}, which ends at {end}: one of their places is wrong", tensor.Offset);
            }

            (end, before) = (tensor.Offset + tensor.Bytes, tensor.Name);
        }
    }

    private TensorInfo Place(TensorInfo tensor, long dataStart, long place)
    {
        var dataBytes = Math.Max(0, fileBytes - dataStart);

        // In 128 bits: four bytes times 2^31 rows of 2^31 numbers is 0 or less in 64, and would fit any file.
        var bytes = (Int128)tensor.RowBytes * tensor.Rows;
        if (tensor.Offset > dataBytes || bytes > dataBytes - tensor.Offset)
        {
            throw cursor.Fault(
                $"the tensor {tensor.Name} needs {bytes} bytes from {dataStart} + {tensor.Offset} on, but the file ends after {fileBytes} bytes: it is cut, or the dimensions are wrong",
                place);
        }

        return tensor with { Offset = dataStart + tensor.Offset };
    }

    private TensorInfo ReadTensor(int alignment)
    {
        var start = cursor.Offset;
        var name = cursor.Text(KeyBytesMax);
        var dimensions = cursor.UInt32();
        if (dimensions is < 1 or > DimensionsMax)
        {
            throw cursor.Fault($"the tensor {name} has {dimensions} dimensions; 1 to {DimensionsMax} are possible", start);
        }

        var rowLength = ReadLength(name, start);
        long rows = 1;
        for (var i = 1; i < dimensions; i++)
        {
            rows *= ReadLength(name, start);
            if (rows > int.MaxValue)
            {
                throw cursor.Fault($"the tensor {name} has more than {int.MaxValue} rows", start);
            }
        }

        var typeNumber = cursor.UInt32();
        if (!TensorTypes.IsRead(typeNumber))
        {
            throw cursor.Fault(
                $"the tensor {name} is of type {TensorTypes.RefusedName(typeNumber)}; this engine reads {string.Join(", ", TensorTypes.All)}",
                start);
        }

        var type = (TensorType)typeNumber;
        if (rowLength % TensorTypes.BlockLength(type) != 0)
        {
            throw cursor.Fault($"the tensor {name} has rows of {rowLength}; {type} needs a multiple of {TensorTypes.BlockLength(type)}", start);
        }

        var offset = cursor.UInt64();
        if (offset % (ulong)alignment != 0)
        {
            throw cursor.Fault($"the tensor {name} starts at {offset} of the data, no multiple of {alignment}", start);
        }

        if (offset > (ulong)fileBytes)
        {
            throw cursor.Fault($"the tensor {name} starts at {offset} of the data, but the file ends after {fileBytes} bytes: it is cut", start);
        }

        return new TensorInfo(name, type, rowLength, (int)rows, (long)offset);
    }

    private int ReadLength(string name, long start)
    {
        var length = cursor.UInt64();
        return length is > 0 and <= int.MaxValue
            ? (int)length
            : throw cursor.Fault($"the tensor {name} has a dimension of {length}", start);
    }
}
