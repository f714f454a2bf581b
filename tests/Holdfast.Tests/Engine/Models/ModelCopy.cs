using System.Runtime.InteropServices;
using Holdfast.Engine.Gguf;

namespace Holdfast.Tests.Engine.Models;

/// <summary>A model file written anew, with other metadata or other tensors: files that lie.</summary>
internal sealed class ModelCopy
{
    private readonly List<(string Name, TensorType Type, int[] Dimensions, byte[] Data)> _tensors = [];

    public ModelCopy(string path)
    {
        using var file = GgufFile.Open(path);
        Values = new Dictionary<string, object>(file.Metadata.Values, StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            _tensors.Add((tensor.Name, tensor.Type, tensor.Rows == 1 ? [tensor.RowLength] : [tensor.RowLength, tensor.Rows], file.Read(tensor)));
        }
    }

    public Dictionary<string, object> Values { get; }

    public ModelCopy Without(string tensor)
    {
        _tensors.RemoveAll(t => t.Name == tensor);
        return this;
    }

    public ModelCopy With(string tensor, TensorType type, int[] dimensions, byte[] data)
    {
        Without(tensor);
        _tensors.Add((tensor, type, dimensions, data));
        return this;
    }

    /// <summary>Sets bytes of a tensor.</summary>
    public ModelCopy Damaged(string tensor, int place, byte[] bytes)
    {
        bytes.CopyTo(_tensors.Single(t => t.Name == tensor).Data, place);
        return this;
    }

    /// <summary>Every number of a float tensor the largest that there is: finite in the file, infinite as soon as it is computed with.</summary>
    public ModelCopy Overflowing(string tensor)
    {
        var (_, type, _, data) = _tensors.Single(t => t.Name == tensor);
        Assert.Equal(TensorType.F32, type);
        MemoryMarshal.Cast<byte, float>(data.AsSpan()).Fill(float.MaxValue);
        return this;
    }

    public TempFile ToFile()
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in Values)
        {
            writer.Add(key, value);
        }

        foreach (var (name, type, dimensions, data) in _tensors)
        {
            writer.AddTensor(name, type, dimensions, data);
        }

        return new TempFile(writer.ToBytes());
    }
}
