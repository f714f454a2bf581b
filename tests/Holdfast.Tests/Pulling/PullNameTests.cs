using System.Text.RegularExpressions;
using Holdfast.Engine.Gguf;
using Holdfast.Pulling;

namespace Holdfast.Tests.Pulling;

public sealed class PullNameTests
{
    [Theory]
    [InlineData("Qwen/Qwen3-0.6B-GGUF", "Qwen/Qwen3-0.6B-GGUF", null)]
    [InlineData("Qwen/Qwen3-0.6B-GGUF:Q8_0", "Qwen/Qwen3-0.6B-GGUF", "Q8_0")]
    [InlineData("hf.co/a/b:sub/x.gguf", "a/b", "sub/x.gguf")]
    [InlineData("https://huggingface.co/a/b", "a/b", null)]
    [InlineData("https://huggingface.co/a/b/", "a/b", null)]
    [InlineData("a/b/", "a/b", null)]
    [InlineData("https://huggingface.co/a/b/tree/main", "a/b", null)]
    [InlineData("https://huggingface.co/a/b/blob/main/x-Q8_0.gguf", "a/b", "x-Q8_0.gguf")]
    [InlineData("https://huggingface.co/a/b/resolve/main/sub/x%2B1.gguf?download=true", "a/b", "sub/x+1.gguf")]
    public void A_repository_is_named_as_people_paste_it(string text, string repository, string? selector)
    {
        var name = PullName.Parse(text);
        Assert.Equal((repository, selector, null), (name.Repository, name.Selector, name.Entry?.Name));
    }

    [Fact]
    public void A_short_name_is_one_of_the_catalogue()
    {
        Assert.Equal("Qwen3-0.6B-Q8_0.gguf", PullName.Parse("qwen3-0.6b").Entry!.File);
        Assert.Equal(("Qwen/Qwen3-0.6B-GGUF", "BF16", null), (PullName.Parse("qwen3-0.6b:BF16").Repository, PullName.Parse("qwen3-0.6b:BF16").Selector, PullName.Parse("qwen3-0.6b:BF16").Entry));
    }

    [Theory]
    [InlineData("qwen3-06b", "did you mean qwen3-0.6b?")]
    [InlineData("", "is not in the catalogue")]
    [InlineData("a/b/c", "is no repository")]
    [InlineData("../b", "is no repository")]
    [InlineData("a/..", "is no repository")]
    [InlineData("a/b?x=1", "is no repository")]
    [InlineData("https://huggingface.co/a/b/blob/other/x.gguf", "is no repository")]
    [InlineData("a/b\n", "is no repository")]
    [InlineData("a/b:", "ends with a colon")]
    public void What_is_no_name_is_wrong_use(string text, string expected)
    {
        var fault = Assert.Throws<PullException>(() => PullName.Parse(text));
        Assert.True(fault.IsWrongUse);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_entry_of_the_catalogue_is_pinned_and_goes_by_the_name_of_its_file()
    {
        Assert.NotEmpty(ModelCatalogue.Entries);
        Assert.Equal(ModelCatalogue.Entries.Count, ModelCatalogue.Entries.DistinctBy(entry => entry.Name).Count());
        foreach (var entry in ModelCatalogue.Entries)
        {
            // So that `up --model NAME` finds what `pull NAME` brought.
            Assert.Equal(entry.Name, ModelName.Of(entry.File).ToLowerInvariant());
            Assert.Matches(new Regex("^[0-9a-f]{64}$", RegexOptions.None, TimeSpan.FromSeconds(1)), entry.Sha256);
            Assert.Matches(new Regex("^[0-9a-f]{40}$", RegexOptions.None, TimeSpan.FromSeconds(1)), entry.Commit);
            Assert.True(entry is { Bytes: > 0, Licence.Length: > 0, Use.Length: > 0 });
            Assert.Equal(entry.Repository, PullName.Parse(entry.Repository).Repository);
        }
    }

    [Fact]
    public void The_smallest_entry_is_the_file_that_the_tests_use()
    {
        var bytes = File.ReadAllBytes(Engine.SharedFolder.Need("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        var entry = ModelCatalogue.Entries.Single(entry => entry.Name == "smollm2-135m-instruct");
        Assert.Equal((entry.Bytes, entry.Sha256), (bytes.LongLength, Fakes.FakeHub.Digest(bytes)));
    }
}
