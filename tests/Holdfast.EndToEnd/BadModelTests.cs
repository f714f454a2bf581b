using Holdfast.Tests.Engine.Models;

namespace Holdfast.EndToEnd;

/// <summary>A start with a file that cannot be served: one line that names it, exit code 3, never a crash.</summary>
public sealed class BadModelTests
{
    [Theory]
    [InlineData("empty", "at least 24")]
    [InlineData("wrong magic", "letters GGUF")]
    [InlineData("cut in the head", "byte ")]
    [InlineData("cut in the weights", ": it is cut")]
    [InlineData("without merges", "tokenizer.ggml.merges is missing")]
    [InlineData("lying head count", "llama.attention.head_count is 268435460")]
    [InlineData("escape", "general.architecture is \\u001b[2Ja; this engine runs")]
    [InlineData("encoder", "an encoder: it embeds and does not answer")]
    public async Task It_is_told_in_one_line(string what, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-bad-");
        var file = Path.Combine(folder.FullName, "bad.gguf");
        await File.WriteAllBytesAsync(file, Bytes(what));

        var (code, output, errors) = await HoldfastProcess.RunInAsync(folder.FullName, [], input: null, "up", "--model", "bad", "--models", folder.FullName, "--listen", "127.0.0.1:0");

        folder.Delete(recursive: true);
        Assert.Equal((3, ""), (code, output));
        var line = Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith(file, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("engine.contextTokens=513", "this model was trained for 512", 3)]
    [InlineData("engine.kvMiB=0", "engine.kvMiB is 0", 2)]
    public async Task A_setting_that_the_model_cannot_have_is_told_in_one_line(string setting, string expected, int exitCode)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-bad-");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "tiny.gguf"), TinyChatModel.Make());

        var (code, _, errors) = await HoldfastProcess.RunInAsync(folder.FullName, [], input: null, "up", "--model", "tiny", "--models", folder.FullName, "--listen", "127.0.0.1:0", "--set", setting);

        folder.Delete(recursive: true);
        Assert.Equal(exitCode, code);
        Assert.Contains(expected, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static byte[] Bytes(string what)
    {
        var whole = TinyChatModel.Make();
        switch (what)
        {
            case "empty":
                return [];
            case "wrong magic":
                whole[0] = (byte)'P';
                return whole;
            case "cut in the head":
                return whole[..3000];
            case "cut in the weights":
                return whole[..(whole.Length / 2)];
            case "without merges":
                return TinyChatModel.Make(hasMerges: false);
            case "escape":
                var name = "general.architecture"u8;
                "\e[2Ja"u8.CopyTo(whole.AsSpan(whole.AsSpan().IndexOf(name) + name.Length + sizeof(uint) + sizeof(ulong)));
                return whole;
            case "encoder":
                return File.ReadAllBytes(Path.Combine(Checkout.Root, "models", "all-MiniLM-L6-v2-Q8_0.gguf"));
            default:
                var key = "llama.attention.head_count"u8;
                BitConverter.TryWriteBytes(whole.AsSpan(whole.AsSpan().IndexOf(key) + key.Length + 4), 0x1000_0004u);
                return whole;
        }
    }
}
