using System.Text;

namespace Holdfast.Bench.Encoder;

/// <summary>A protocol-buffer message as its raw fields in order: enough to rewrite a few nodes of a model and to keep the rest byte for byte.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int EightBytes = 1;
    private const int Length = 2;
    private const int FourBytes = 5;

    private readonly List<(int Field, int Wire, ulong Number, byte[] Bytes)> _fields = [];

    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtoMessage();
        while (bytes.Length > 0)
        {
            var key = TakeVarint(ref bytes);
            var (field, wire) = ((int)(key >> 3), (int)(key & 7));
            var number = wire is Varint or Length ? TakeVarint(ref bytes) : 0;
            var length = wire switch
            {
                Varint => 0,
                EightBytes => 8,
                Length => (int)number,
                FourBytes => 4,
                _ => throw new InvalidDataException($"a field of wire type {wire}"),
            };
            message._fields.Add((field, wire, number, bytes[..length].ToArray()));
            bytes = bytes[length..];
        }

        return message;
    }

    public ProtoMessage Add(int field, ulong number)
    {
        _fields.Add((field, Varint, number, []));
        return this;
    }

    public ProtoMessage Add(int field, byte[] bytes)
    {
        _fields.Add((field, Length, (ulong)bytes.Length, bytes));
        return this;
    }

    public ProtoMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public IEnumerable<byte[]> All(int field) => _fields.Where(f => f.Field == field).Select(f => f.Bytes);

    public IEnumerable<string> Texts(int field) => All(field).Select(Encoding.UTF8.GetString);

    public string Text(int field) => Texts(field).FirstOrDefault("");

    /// <summary>Whole numbers, packed or not.</summary>
    public IEnumerable<ulong> Numbers(int field)
    {
        foreach (var (_, wire, number, bytes) in _fields.Where(f => f.Field == field))
        {
            if (wire == Varint)
            {
                yield return number;
                continue;
            }

            for (var at = 0; at < bytes.Length;)
            {
                ReadOnlySpan<byte> rest = bytes.AsSpan(at);
                var before = rest.Length;
                var packed = TakeVarint(ref rest);
                at += before - rest.Length;
                yield return packed;
            }
        }
    }

    public void Remove(int field) => _fields.RemoveAll(f => f.Field == field);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        foreach (var (field, wire, number, bytes) in _fields)
        {
            PutVarint(stream, ((ulong)field << 3) | (uint)wire);
            if (wire is Varint or Length)
            {
                PutVarint(stream, number);
            }

            stream.Write(bytes);
        }

        return stream.ToArray();
    }

    private static ulong TakeVarint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0ul, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 127) << shift;
            shift += 7;
            if (next < 128)
            {
                return value;
            }
        }
    }

    private static void PutVarint(MemoryStream stream, ulong value)
    {
        for (; value >= 128; value >>= 7)
        {
            stream.WriteByte((byte)(value | 128));
        }

        stream.WriteByte((byte)value);
    }
}
