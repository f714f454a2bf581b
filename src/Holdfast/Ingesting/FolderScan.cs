namespace Holdfast.Ingesting;

/// <summary>
/// Lists the files of a folder. Names that start with a dot are not read (editors and version control keep theirs there), nor is what
/// <see cref="IgnoreRules"/> names. Links are followed, but none that leads out of the folder, and no real folder is
/// entered twice, so a loop of links ends.
/// </summary>
internal sealed class FolderScan
{
    // Deeper trees are link loops through mounts, or hostile.
    private const int DepthMax = 64;

    private readonly string _root;
    private readonly string? _realRoot;
    private readonly string _excluded;
    private readonly int _filesMax;
    private readonly IgnoreRules _ignore;
    private readonly List<FoundFile> _files = [];
    private readonly List<(string, string)> _unreadable = [];
    private readonly HashSet<string> _entered = [];

    private FolderScan(string root, string excluded, int filesMax, IgnoreRules ignore)
    {
        (_excluded, _filesMax, _ignore) = (excluded, filesMax, ignore);
        _root = Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar;
        _realRoot = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true) is { } real ? Path.TrimEndingDirectorySeparator(real.FullName) + Path.DirectorySeparatorChar : null;
    }

    /// <param name="root">Full path of the folder.</param>
    /// <param name="dataFolder">Full path of our own data, which is never read even when it lies in the folder.</param>
    /// <param name="filesMax">Bound; what is beyond it is named in the listing.</param>
    public static FolderListing List(string root, string dataFolder, int filesMax)
    {
        var ignoreFile = Path.Combine(root, IgnoreRules.FileName);
        var ignore = IgnoreRules.Parse(File.Exists(ignoreFile) ? File.ReadAllText(ignoreFile) : "");
        var scan = new FolderScan(root, dataFolder, filesMax, ignore);
        scan.Enter(new DirectoryInfo(root), prefix: "", depth: 0);
        scan._files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return new FolderListing(scan._files, scan._unreadable);
    }

    private void Enter(DirectoryInfo folder, string prefix, int depth)
    {
        var real = (folder.LinkTarget is null ? folder : folder.ResolveLinkTarget(returnFinalTarget: true) as DirectoryInfo)?.FullName ?? folder.FullName;
        if (string.Equals(real, _excluded, StringComparison.Ordinal))
        {
            return;
        }

        if (depth > DepthMax || !_entered.Add(real))
        {
            _unreadable.Add((prefix.TrimEnd('/'), depth > DepthMax ? $"more than {DepthMax} folders deep; move it up" : "is a link to a folder that is read already; its files are there"));
            return;
        }

        IReadOnlyList<FileSystemInfo> entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _unreadable.Add((prefix.TrimEnd('/'), $"the folder cannot be read: {Reason(fault)}; check its permissions"));
            return;
        }

        foreach (var entry in entries)
        {
            Take(entry, prefix + entry.Name, depth);
        }
    }

    private void Take(FileSystemInfo entry, string path, int depth)
    {
        if (entry.Name.StartsWith('.'))
        {
            return;
        }

        try
        {
            var target = entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true);
            if (target is null || !target.Exists)
            {
                _unreadable.Add((path, "is a link that leads nowhere; remove it or mend it"));
            }
            else if (!IsInside(target.FullName))
            {
                // Whoever may write into the folder could otherwise have any file of this user quoted.
                _unreadable.Add((path, "is a link that leads out of the folder; copy the file in, or keep its folder as a collection of its own"));
            }
            else if (target.Attributes.HasFlag(FileAttributes.Directory))
            {
                if (!_ignore.IsIgnored(path, isFolder: true))
                {
                    Enter(new DirectoryInfo(entry.FullName), path + "/", depth + 1);
                }
            }
            else if (!_ignore.IsIgnored(path, isFolder: false))
            {
                Add(new FileInfo(target.FullName), path);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _unreadable.Add((path, $"cannot be looked at: {Reason(fault)}; check links and permissions"));
        }
    }

    private bool IsInside(string target) =>
        target.StartsWith(_root, StringComparison.Ordinal) || (_realRoot is not null && target.StartsWith(_realRoot, StringComparison.Ordinal));

    private void Add(FileInfo file, string path)
    {
        if (_files.Count >= _filesMax)
        {
            if (_files.Count == _filesMax && !_unreadable.Exists(fault => fault.Item1.Length == 0))
            {
                _unreadable.Add(("", $"holds more than {_filesMax} files; the rest is not read: raise ingest.filesMax or split the folder"));
            }
        }
        else
        {
            _files.Add(new FoundFile(path, file.Length, file.LastWriteTimeUtc.Ticks));
        }
    }

    private static string Reason(Exception fault) => fault is UnauthorizedAccessException ? "permission denied" : fault.Message.TrimEnd('.');
}
