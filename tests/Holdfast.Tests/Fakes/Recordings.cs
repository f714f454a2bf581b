namespace Holdfast.Tests.Fakes;

/// <summary>Where the recordings are: a selection beside the tests, and all of them where the folder of reference data is at hand.</summary>
internal static class Recordings
{
    public static string Selection => Path.Combine(AppContext.BaseDirectory, "fixtures", "gateway", "engines");

    /// <summary>Null when the reference data is not there.</summary>
    public static string? All
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var path = Path.Combine(folder.FullName, "shared", "fixtures", "engines");
                if (Directory.Exists(path))
                {
                    return path;
                }
            }

            return null;
        }
    }

    public static IReadOnlyList<RecordedExchange> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(RecordingReader.Read)];
}
