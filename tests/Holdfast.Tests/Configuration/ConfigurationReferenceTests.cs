using Holdfast.Configuration;

namespace Holdfast.Tests.Configuration;

public sealed class ConfigurationReferenceTests
{
    [Fact]
    public void The_page_is_what_the_records_say()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Holdfast.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        // When this fails: holdfast check --reference > docs/configuration.md
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "docs", "configuration.md")), ConfigurationReference.Write());
    }

    [Fact]
    public void Every_setting_has_a_meaning()
    {
        var rows = ConfigurationReference.Write().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.DoesNotContain(rows, row => row.EndsWith("|  |", StringComparison.Ordinal));
    }
}
