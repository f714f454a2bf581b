namespace Holdfast.EndToEnd;

/// <summary>Places in the checkout that the tests run in.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Handbook => Path.Combine(Root, "samples", "handbook");

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
