using Holdfast.Pulling;

namespace Holdfast.Tests.Pulling;

public sealed class FileChoiceTests
{
    [Fact]
    public void The_only_file_is_taken_without_a_word() =>
        Assert.Equal(("x-Q2_K.gguf", null), Choose(null, "README.md", "x-Q2_K.gguf", "mmproj-x-f16.gguf", "x.imatrix.gguf"));

    [Fact]
    public void Of_several_the_first_of_the_printed_order_is_taken()
    {
        var (file, note) = Choose(null, "x-F16.gguf", "x-Q8_0.gguf", "x-q4_k_m.gguf", "x-IQ2_M.gguf");

        Assert.Equal("x-q4_k_m.gguf", file);
        Assert.Contains(string.Join(", ", FileChoice.DefaultOrder), note, StringComparison.Ordinal);
        Assert.Contains("x-IQ2_M.gguf", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("q8_0")]
    [InlineData("x-Q8_0.gguf")]
    [InlineData("X-Q8_0")]
    [InlineData("sub/x-Q8_0.gguf")]
    public void A_selector_is_a_path_a_name_or_a_quantisation(string selector) =>
        Assert.Equal("sub/x-Q8_0.gguf", Choose(selector, "x-Q4_0.gguf", "sub/x-Q8_0.gguf", "x-Q8_0_L.gguf").File);

    [Theory]
    [InlineData("F16", "x-fp16.gguf")]
    [InlineData("fp16", "x-fp16.gguf")]
    [InlineData("FP32", "x-f32.gguf")]
    public void F16_is_F16_however_it_is_written(string selector, string file) => Assert.Equal(file, Choose(selector, "x-fp16.gguf", "x-f32.gguf", "x-Q8_0.gguf").File);

    [Fact]
    public void A_file_marked_FP16_takes_its_turn_in_the_order() => Assert.Equal("x-fp16.gguf", Choose(null, "x-fp16.gguf", "x-Q2_K.gguf").File);

    [Theory]
    [InlineData("Q3_K_S", "has no Q3_K_S; it has x-Q4_0.gguf (1 KiB), y-Q4_0.gguf (1 KiB)")]
    [InlineData("Q4_0", "fits 2 files")]
    [InlineData(null, "name one, as in a/b:FILE")]
    public void What_is_not_one_file_is_refused_with_the_list(string? selector, string expected)
    {
        var fault = Assert.Throws<PullException>(() => Choose(selector, "x-Q4_0.gguf", "y-Q4_0.gguf"));

        Assert.True(fault.IsWrongUse);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Part_of_a_model_is_refused() =>
        Assert.Contains("one part of several", Assert.Throws<PullException>(() => Choose("Q8_0-00001-of-00003", "x-Q4_0.gguf", "Q8_0-00001-of-00003.gguf")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_repository_without_a_model_says_so() =>
        Assert.Contains("no .gguf file", Assert.Throws<PullException>(() => Choose(null, "model.safetensors")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../../etc/x.gguf")]
    [InlineData("a/../../x.gguf")]
    [InlineData("..\\x.gguf")]
    [InlineData("..gguf")]
    [InlineData(".hidden.gguf")]
    [InlineData("-rf.gguf")]
    [InlineData("a b.gguf")]
    [InlineData("x\u001b]0;owned\u0007.gguf")]
    [InlineData("x\u202efugg.gguf")]
    [InlineData("C:x.gguf")]
    [InlineData("x\n.gguf")]
    public void A_hostile_name_is_refused_and_shown_harmlessly(string path)
    {
        var fault = Assert.Throws<PullException>(() => Choose(null, path));

        Assert.Contains("is refused", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, letter => char.IsControl(letter) || letter == '\u202e');
    }

    private static (string File, string? Note) Choose(string? selector, params string[] files)
    {
        var (file, note) = FileChoice.Choose(new HubRepository("a/b", "c", null, [.. files.Select(path => new HubFile(path, 1024, new string('0', 64)))]), selector);
        return (file.Path, note);
    }
}
