using Microsoft.Win32.SafeHandles;

namespace Holdfast.Engine.Gguf;

/// <summary>
/// An open GGUF file. Tensors are copied out by positioned reads: a mapped file that another process shortens kills a .NET
/// process with an access violation that nothing can catch (measured), a short read is an ordinary error.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, TensorInfo> _tensors;

    private GgufFile(string path, SafeFileHandle handle, long fileBytes, GgufHead head)
    {
        Path = path;
        FileBytes = fileBytes;
        Version = head.Version;
        Metadata = head.Metadata;
        Tensors = head.Tensors;
        _handle = handle;
        _tensors = head.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    public long FileBytes { get; }

    public int Version { get; }

    public GgufMetadata Metadata { get; }

    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Reads the head. Throws <see cref="ModelFileException"/> for anything that is wrong with the file.</summary>
    public static GgufFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            // A pipe or a device has no length either, and opening one could wait for ever. A link's own length is that of its text.
            if (((File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo) ?? new FileInfo(path)).Length == 0)
            {
                throw new ModelFileException(path, 0, "the file is empty, or no regular file; a GGUF file has at least 24 bytes");
            }

            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var fileBytes = RandomAccess.GetLength(handle);
            var head = new GgufHeadReader(new GgufCursor(handle, path, fileBytes), path, fileBytes).Read();
            return new GgufFile(path, handle, fileBytes, head);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            handle?.Dispose();
            throw new ModelFileException(path, null, fault.Message);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    public TensorInfo? Find(string name) => _tensors.GetValueOrDefault(name);

    public TensorInfo Need(string name) =>
        Find(name) ?? throw new ModelFileException(Path, null, $"the tensor {name} is missing");

    /// <summary>Copies <paramref name="target"/>.Length bytes of a tensor, from its byte <paramref name="start"/> on.</summary>
    public void Read(TensorInfo tensor, long start, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, tensor.Bytes - target.Length);
        var place = tensor.Offset + start;
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_handle, target, place);
            if (read == 0)
            {
                throw new ModelFileException(Path, place, $"the file became shorter while the tensor {tensor.Name} was read");
            }

            target = target[read..];
            place += read;
        }
    }

    public byte[] Read(TensorInfo tensor)
    {
        var bytes = new byte[tensor.Bytes];
        Read(tensor, 0, bytes);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}
