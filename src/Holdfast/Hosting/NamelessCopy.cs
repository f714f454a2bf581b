using Microsoft.Win32.SafeHandles;

namespace Holdfast.Hosting;

/// <summary>A copy of an open file that nobody else can change: its name is gone as soon as it is open, its bytes go with the handle.</summary>
internal static class NamelessCopy
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Null when it cannot be made whole: no room, no permission, a source that changes meanwhile.</summary>
    public static SafeFileHandle? Make(SafeFileHandle source, string folder)
    {
        var path = Path.Combine(folder, "encoder.copy");
        SafeFileHandle? copy = null;
        try
        {
            copy = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                // A process that is killed closes nothing by itself.
                File.Delete(path);
            }

            var (chunk, length) = (new byte[ChunkBytes], RandomAccess.GetLength(source));
            for (var place = 0L; place < length;)
            {
                var read = RandomAccess.Read(source, chunk, place);
                RandomAccess.Write(copy, chunk.AsSpan(0, read), place);
                place += read > 0 ? read : throw new EndOfStreamException();
            }

            return copy;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            copy?.Dispose();
            return null;
        }
    }
}
