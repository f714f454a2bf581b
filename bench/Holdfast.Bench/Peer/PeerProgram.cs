namespace Holdfast.Bench.Peer;

/// <summary>The program that measures llama.cpp, built once from bench/peer.</summary>
internal sealed class PeerProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("holdfast-peer-").FullName;

    private PeerProgram()
    {
    }

    public string Path => System.IO.Path.Combine(_folder, "llama-peer");

    /// <summary>Throws <see cref="InvalidOperationException"/> with what is missing.</summary>
    public static PeerProgram Build()
    {
        var script = System.IO.Path.Combine("bench", "peer", "build.sh");
        if (!File.Exists(script))
        {
            throw new InvalidOperationException($"{script} is not here; run this from the root of the checkout");
        }

        var program = new PeerProgram();
        ChildProgram.Run(script, [program.Path]);
        return program;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
