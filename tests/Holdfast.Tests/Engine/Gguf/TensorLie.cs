using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Tests.Engine.Gguf;

/// <summary>Files whose heads state other sizes than their tensors have.</summary>
internal static class TensorLie
{
    /// <summary>States other dimensions of a tensor, as many as it has, and nothing else.</summary>
    public static byte[] Dimensions(byte[] file, string tensor, params ulong[] lengths)
    {
        var changed = (byte[])file.Clone();
        var place = Place(changed, tensor);
        Assert.Equal(lengths.Length, BinaryPrimitives.ReadInt32LittleEndian(changed.AsSpan(place)));
        for (var i = 0; i < lengths.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(changed.AsSpan(place + 4 + 8 * i), lengths[i]);
        }

        return changed;
    }

    /// <summary>States another start in the data of a tensor with two dimensions.</summary>
    public static byte[] Start(byte[] file, string tensor, ulong start)
    {
        var changed = (byte[])file.Clone();
        BinaryPrimitives.WriteUInt64LittleEndian(changed.AsSpan(Place(changed, tensor) + 4 + 16 + 4), start);
        return changed;
    }

    /// <summary>Makes the file as long as it says it is; the rest is a hole.</summary>
    public static void Stretch(string path, long bytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        stream.SetLength(bytes);
    }

    /// <summary>Where the number of dimensions stands: behind the name, of which the length stands before it.</summary>
    private static int Place(byte[] file, string tensor)
    {
        byte[] name = [.. BitConverter.GetBytes((ulong)tensor.Length), .. Encoding.UTF8.GetBytes(tensor)];
        return file.AsSpan().IndexOf(name) + name.Length;
    }
}
