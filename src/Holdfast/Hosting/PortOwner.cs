using System.Globalization;

namespace Holdfast.Hosting;

/// <summary>Names the process that listens on a port, on Linux and as far as permissions allow: /proc/net/tcp gives the socket, /proc/*/fd its owner.</summary>
internal static class PortOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Such as <c>nginx (process 812)</c>; null when it cannot be told.</summary>
    public static string? Find(int port)
    {
        try
        {
            var inode = ListeningInode(port);
            return inode is null ? null : OwnerOf(inode);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ListeningInode(int port)
    {
        const string listening = "0A";
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in Tables.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == listening)
                {
                    return fields[9];
                }
            }
        }

        return null;
    }

    private static string? OwnerOf(string inode)
    {
        var link = $"socket:[{inode}]";
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget == link))
                {
                    return $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (process {Path.GetFileName(process)})";
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A process of another user, or one that has just ended: look at the next.
                continue;
            }
        }

        return null;
    }
}
