using Holdfast.Ingesting;

namespace Holdfast.Tests.Ingesting;

public sealed class FolderScanTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("holdfast-scan-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_come_in_order_with_slashes_and_without_hidden_ones()
    {
        Write("b/two.md", "b/.git/config", "a.txt", ".env", "data/index.db");

        var listing = FolderScan.List(_folder.FullName, Path.Combine(_folder.FullName, "data"), filesMax: 100);

        Assert.Equal(["a.txt", "b/two.md"], listing.Files.Select(file => file.Path));
        Assert.Empty(listing.Unreadable);
    }

    [Fact]
    public void A_loop_of_links_ends_and_is_named()
    {
        Write("docs/one.md");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "docs", "again"), _folder.FullName);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "gone.md"), "nowhere.md");

        var listing = FolderScan.List(_folder.FullName, "", filesMax: 100);

        Assert.Equal(["docs/one.md"], listing.Files.Select(file => file.Path));
        Assert.Equal(["docs/again", "gone.md"], listing.Unreadable.Select(fault => fault.Path).Order());
    }

    [Fact]
    public void A_link_out_of_the_folder_is_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("holdfast-outside-");
        File.WriteAllText(Path.Combine(outside.FullName, "secret.txt"), "x");
        Write("one.md");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "file.txt"), Path.Combine(outside.FullName, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "folder"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "same.md"), "one.md");

        var listing = FolderScan.List(_folder.FullName, "", filesMax: 100);
        outside.Delete(recursive: true);

        Assert.Equal(["one.md", "same.md"], listing.Files.Select(file => file.Path));
        Assert.Equal(["file.txt", "folder"], listing.Unreadable.Select(fault => fault.Path).Order());
    }

    [Fact]
    public void Files_beyond_the_bound_are_told_once()
    {
        Write("1.md", "2.md", "3.md", "4.md");

        var listing = FolderScan.List(_folder.FullName, "", filesMax: 2);

        Assert.Equal(2, listing.Files.Count);
        Assert.Contains("more than 2 files", Assert.Single(listing.Unreadable).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_may_say_what_is_not_read()
    {
        Write("questions.jsonl", "build/out.md", "keep/build.md", "notes/draft-1.md", "notes/draft-final.md");
        File.WriteAllText(Path.Combine(_folder.FullName, IgnoreRules.FileName), "# not documents\n/questions.jsonl\nbuild/\ndraft-*\n!draft-final.md\n");

        var listing = FolderScan.List(_folder.FullName, "", filesMax: 100);

        Assert.Equal(["keep/build.md", "notes/draft-final.md"], listing.Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData("*.log", "a/b.log", true)]
    [InlineData("/*.log", "a/b.log", false)]
    [InlineData("a/**/z.md", "a/z.md", true)]
    [InlineData("a/**/z.md", "a/b/c/z.md", true)]
    [InlineData("doc?.md", "doc12.md", false)]
    [InlineData("[ab].md", "b.md", true)]
    [InlineData("[ab.md", "[ab.md", true)]
    [InlineData(@"\#x.md", "#x.md", true)]
    [InlineData("a.b", "axb", false)]
    public void Lines_mean_what_they_mean_in_gitignore(string line, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, IgnoreRules.Parse(line).IsIgnored(path, isFolder: false));

    private void Write(params string[] paths)
    {
        foreach (var path in paths.Select(path => Path.Combine(_folder.FullName, path)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
    }
}
