using Microsoft.Win32.SafeHandles;

namespace Holdfast.Engine.Gguf;

/// <summary>
/// An open GGUF file. Tensors are copied out by positioned reads: a mapped file that another process shortens kills a .NET
/// process with an access violation that nothing can catch (measured), a short read is an ordinary error.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly bool _ownsHandle;
    private readonly Dictionary<string, TensorInfo> _tensors;

    private GgufFile(string path, SafeFileHandle handle, bool ownsHandle, long fileBytes, GgufHead head)
    {
        Path = path;
        FileBytes = fileBytes;
        Version = head.Version;
        Metadata = head.Metadata;
        Tensors = head.Tensors;
        (_handle, _ownsHandle) = (handle, ownsHandle);
        _tensors = head.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    public long FileBytes { get; }

    public int Version { get; }

    public GgufMetadata Metadata { get; }

    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Opens a file and reads its head. Throws <see cref="ModelFileException"/> for anything that is wrong with it.</summary>
    public static GgufFile Open(string path)
    {
        var handle = OpenHandle(path);
        try
        {
            return Read(path, handle, ownsHandle: true);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads the head of a file that is open already and stays so.</summary>
    public static GgufFile Read(string path, SafeFileHandle handle) => Read(path, handle, ownsHandle: false);

    /// <summary>Opens a file to read it later: what others do with its name from now on does not matter.</summary>
    public static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            // A pipe or a device has no length either, and opening one could wait for ever. A link's own length is that of its text.
            if (((File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo) ?? new FileInfo(path)).Length == 0)
            {
                throw new ModelFileException(path, 0, "the file is empty, or no regular file; a GGUF file has at least 24 bytes");
            }

            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(path, null, fault.Message);
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

    public void Dispose()
    {
        if (_ownsHandle)
        {
            _handle.Dispose();
        }
    }

    private static GgufFile Read(string path, SafeFileHandle handle, bool ownsHandle)
    {
        try
        {
            var fileBytes = RandomAccess.GetLength(handle);
            var head = new GgufHeadReader(new GgufCursor(handle, path, fileBytes), path, fileBytes).Read();
            return new GgufFile(path, handle, ownsHandle, fileBytes, head);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(path, null, fault.Message);
        }
    }
}
