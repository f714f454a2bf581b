namespace Holdfast.Gateway.Keys;

/// <summary>The generated key of <c>up</c>: a file that only its owner can read, so that the next start has the same key.</summary>
internal static class UpKeyFile
{
    public static string ReadOrMake(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "key");
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
        {
            return kept;
        }

        var key = KeyText.New();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(path, options);
        file.WriteLine(key);
        return key;
    }
}
