namespace Holdfast.EndToEnd;

/// <summary>Places in the checkout that the tests run in.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Handbook => Path.Combine(Root, "samples", "handbook");

    /// <summary>A large reference file that is not part of the repository. A test that needs one skips without it.</summary>
    public static string Shared(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relative));
        Assert.SkipUnless(File.Exists(path), $"shared/{relative} is not here");
        return path;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Holdfast.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run inside a checkout");
        }

        return folder;
    }
}
