using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Gateway.Options;

namespace Holdfast.Gateway.Files;

/// <summary>
/// Uploaded files on disk, two files each: bytes, then facts. A file without its facts (a kill in between) does not exist and is removed at
/// the next start. Names of ours only: what a client calls a file never becomes a path. Guarded by <c>_gate</c>.
/// </summary>
internal sealed class FileShelf
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredFile> _files = [];
    private readonly string _folder;
    private readonly long _bytesMax;
    private readonly TimeProvider _clock;
    private long _bytes;

    public FileShelf(GatewayFolder folder, GatewayOptions options, TimeProvider clock)
    {
        (_folder, _bytesMax, _clock) = (Path.Combine(folder.Path, "files"), options.Limits.FilesBytesMax, clock);
        if (!Directory.Exists(_folder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(_folder, "*.json"))
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), FileShelfJson.Default.StoredFile) is { } file && File.Exists(BytesOf(file.Id)))
            {
                _files[file.Id] = file;
                _bytes += file.Bytes;
            }
        }

        foreach (var path in Directory.EnumerateFiles(_folder, "*.bin").Where(p => !_files.ContainsKey(Path.GetFileNameWithoutExtension(p))))
        {
            File.Delete(path);
        }
    }

    /// <summary>Keeps a file; null when the shelf is full.</summary>
    public StoredFile? Add(string name, string purpose, ReadOnlyMemory<byte> content)
    {
        var file = new StoredFile("file-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), name, purpose, content.Length, _clock.GetUtcNow());
        lock (_gate)
        {
            if (_bytes + content.Length > _bytesMax)
            {
                return null;
            }

            _bytes += content.Length;
        }

        try
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllBytes(BytesOf(file.Id), content.Span);
            File.WriteAllBytes(FactsOf(file.Id), JsonSerializer.SerializeToUtf8Bytes(file, FileShelfJson.Default.StoredFile));
        }
        catch
        {
            lock (_gate)
            {
                _bytes -= content.Length;
            }

            throw;
        }

        lock (_gate)
        {
            _files[file.Id] = file;
        }

        return file;
    }

    public StoredFile? Find(string id)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(id);
        }
    }

    public IReadOnlyList<StoredFile> List()
    {
        lock (_gate)
        {
            return [.. _files.Values.OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id, StringComparer.Ordinal)];
        }
    }

    public Task<byte[]> ReadAsync(StoredFile file, CancellationToken cancellationToken) => File.ReadAllBytesAsync(BytesOf(file.Id), cancellationToken);

    public bool Remove(string id)
    {
        lock (_gate)
        {
            if (!_files.Remove(id, out var file))
            {
                return false;
            }

            _bytes -= file.Bytes;
            File.Delete(FactsOf(id));
            File.Delete(BytesOf(id));
            return true;
        }
    }

    private string BytesOf(string id) => Path.Combine(_folder, id + ".bin");

    private string FactsOf(string id) => Path.Combine(_folder, id + ".json");
}
