using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Holdfast.Tests.Engine;

/// <summary>
/// llama.cpp behind a small program of ours (bench/peer), built at first use. Needs gcc; HOLDFAST_PEER_MODULES, a node_modules folder with
/// node-llama-cpp's libraries; and HOLDFAST_LLAMA_CPP, a checkout of llama.cpp for its headers. Tests that need it skip without them.
/// </summary>
public sealed class PeerProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("holdfast-peer-").FullName;
    private readonly Lazy<string> _path;

    public PeerProgram() => _path = new Lazy<string>(Build);

    /// <summary>Logits at every position of each prompt.</summary>
    public float[][][] Logits(string model, IReadOnlyList<int[]> prompts, int vocabulary)
    {
        var input = string.Concat(prompts.Select(p => string.Join(' ', p.Select(id => id.ToString(CultureInfo.InvariantCulture))) + "\n"));
        var values = MemoryMarshal.Cast<byte, float>(Run(_path.Value, ["logits", model], input)).ToArray();
        Assert.Equal(prompts.Sum(p => p.Length) * vocabulary, values.Length);
        var rows = values.Chunk(vocabulary).ToArray();
        return [.. prompts.Select((p, i) => rows[prompts.Take(i).Sum(q => q.Length)..][..p.Length])];
    }

    /// <summary>Writes a file in another type, as llama-quantize does; the number is that of the peer's <c>llama_ftype</c>.</summary>
    public void Quantise(string from, string to, int fileType) =>
        Run(_path.Value, ["quantize", from, to, fileType.ToString(CultureInfo.InvariantCulture)], "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Build()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_LLAMA_CPP") is null || Environment.GetEnvironmentVariable("HOLDFAST_PEER_MODULES") is null)
        {
            Assert.Skip("HOLDFAST_LLAMA_CPP and HOLDFAST_PEER_MODULES are not set");
        }

        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Holdfast.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException($"No Holdfast.slnx above {AppContext.BaseDirectory}");
        }

        var program = Path.Combine(_folder, "llama-peer");
        Run(Path.Combine(root, "bench", "peer", "build.sh"), [program], "");
        return program;
    }

    private static byte[] Run(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
