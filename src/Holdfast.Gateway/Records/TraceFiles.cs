using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Gateway.Records;

/// <summary>
/// Append-only trace files of a day, JSON lines: <c>traces/20261124-0001.jsonl</c>. A full file is followed by the next; past the byte cap
/// the oldest goes, whole. Owned by the writer loop; a reader opens a file by name and reads one place of it.
/// </summary>
internal sealed class TraceFiles(string folder, long fileBytesMax, long filesBytesMax) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _pending = new(64 << 10);
    private SafeFileHandle? _open;
    private string _name = "";
    private long _end;

    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "traces");

    /// <summary>Gives the line its place; <see cref="Flush"/> brings it there.</summary>
    public TracePlace Append(DateOnly day, ReadOnlySpan<byte> line)
    {
        Prepare(day, line.Length);
        var place = new TracePlace(_name, _end, line.Length);
        _pending.Write(line);
        _end += line.Length;
        return place;
    }

    /// <summary>Writes what is pending at its place. After a refusal the same bytes go to the same place again.</summary>
    public void Flush()
    {
        if (_pending.WrittenCount > 0)
        {
            RandomAccess.Write(_open!, _pending.WrittenSpan, _end - _pending.WrittenCount);
            _pending.ResetWrittenCount();
        }
    }

    public static byte[]? Read(string folder, TracePlace place)
    {
        var path = Path.Combine(folder, place.File);
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (place.Offset + place.Length > file.Length)
        {
            return null;
        }

        var bytes = new byte[place.Length];
        file.Position = place.Offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    public IReadOnlyList<string> Names() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Whole lines of a file from a place on; a last line without its end, which a kill leaves, is none.</summary>
    public IEnumerable<(TracePlace Place, byte[] Line)> LinesFrom(string name, long offset)
    {
        using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Min(offset, file.Length);
        var rest = new byte[file.Length - file.Position];
        file.ReadExactly(rest);
        var start = 0;
        while (rest.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0)
        {
            yield return (new TracePlace(name, offset + start, length + 1), rest[start..(start + length)]);
            start += length + 1;
        }
    }

    public void Dispose() => _open?.Dispose();

    private void Prepare(DateOnly day, int bytes)
    {
        var prefix = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        if (_open is not null && _name.StartsWith(prefix, StringComparison.Ordinal) && (_end == 0 || _end + bytes <= fileBytesMax))
        {
            return;
        }

        Flush();
        _open?.Dispose();
        _open = null;
        Directory.CreateDirectory(folder);
        DropOldest();
        var last = Names().LastOrDefault(n => n.StartsWith(prefix, StringComparison.Ordinal));
        var number = last is null ? 1 : int.Parse(last.AsSpan(9, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        if (last is not null && new FileInfo(Path.Combine(folder, last)).Length + bytes > fileBytesMax)
        {
            number++;
        }

        var name = $"{prefix}-{number:0000}.jsonl";
        var path = Path.Combine(folder, name);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var end = WholeLines(path);
        RandomAccess.SetLength(file, end);
        (_open, _name, _end) = (file, name, end);
    }

    private void DropOldest()
    {
        var files = Names().Select(n => new FileInfo(Path.Combine(folder, n))).ToList();
        var total = files.Sum(f => f.Length);

        // Room for the file that is about to be opened.
        for (var i = 0; i < files.Count && total + fileBytesMax > filesBytesMax; i++)
        {
            total -= files[i].Length;
            files[i].Delete();
        }
    }

    /// <summary>Bytes up to the last line end.</summary>
    private static long WholeLines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[4 << 10];
        var end = file.Length;
        while (end > 0)
        {
            var take = (int)Math.Min(buffer.Length, end);
            file.Position = end - take;
            file.ReadExactly(buffer, 0, take);
            var at = buffer.AsSpan(0, take).LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return end - take + at + 1;
            }

            end -= take;
        }

        return 0;
    }
}
