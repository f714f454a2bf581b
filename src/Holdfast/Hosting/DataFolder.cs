using System.Globalization;

namespace Holdfast.Hosting;

/// <summary>
/// The folder where one process keeps everything. The owner holds an exclusive lock on <c>lock</c> as long as it lives (the kernel frees it
/// after any kind of death) and writes its process id into <c>owner</c>, so that a second process can say who has it.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public const string ServerFileName = "server.json";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    public string ServerFile => System.IO.Path.Combine(Path, ServerFileName);

    /// <summary>Takes the folder, making it when absent. Throws <see cref="DataFolderTakenException"/> when another process has it.</summary>
    public static DataFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        CreatePrivate(path);
        var lockPath = System.IO.Path.Combine(path, "lock");
        FileStream @lock;
        try
        {
            @lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            throw new DataFolderTakenException(path, OwnerOf(path));
        }

        File.WriteAllText(System.IO.Path.Combine(path, "owner"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new DataFolder(path, @lock);
    }

    /// <summary>The process id of the owner as it wrote it, or null.</summary>
    public static int? OwnerOf(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(System.IO.Path.Combine(path, "owner")).Trim(), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Delete(ServerFile);
        _lock.Dispose();
    }

    private static void CreatePrivate(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
