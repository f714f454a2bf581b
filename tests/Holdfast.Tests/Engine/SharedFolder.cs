namespace Holdfast.Tests.Engine;

/// <summary>Large reference files that are not part of the repository. Tests that need one skip without it.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of a file under <c>shared</c>, beside the checkout or above it.</summary>
    public static string Need(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared/{relative} is not here");
        return "";
    }
}
