using Holdfast.Pulling;
using Holdfast.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Pulling;

/// <summary>A fake hub with one file of a megabyte, a folder to pull into, and a pull between them.</summary>
internal sealed class PullRig : IAsyncDisposable
{
    public const string File = "tiny.Q8_0.gguf";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("holdfast-pull-");

    public PullRig()
    {
        Bytes = new byte[1 << 20];
        new Random(7).NextBytes(Bytes);
        Hub.Files[File] = Bytes;
    }

    public FakeHub Hub { get; } = new();

    public byte[] Bytes { get; }

    public string Folder => _folder.FullName;

    public string Target => Path.Combine(Folder, File);

    public string Partial => Target + ".partial";

    public PullNotes Notes { get; } = new();

    public PullOptions Options { get; set; } = new() { FreeBytesLeft = 0 };

    public string? Token { get; set; }

    public string? Endpoint { get; set; }

    public Func<string, long?> FreeBytes { get; set; } = _ => long.MaxValue;

    public Task<PulledModel> PullAsync(string name = FakeHub.Repository, string? folder = null, CancellationToken cancellationToken = default)
    {
        var hub = HubAddress.Read(variable => variable == HubAddress.EndpointVariable ? Endpoint ?? Hub.Url : variable == HubAddress.TokenVariable ? Token : null);
        return new Pull(hub, Options, new FakeTimeProvider(), Notes) { FreeBytes = FreeBytes }.RunAsync(PullName.Parse(name), folder ?? Folder, cancellationToken);
    }

    public async Task<string> FaultAsync(string name = FakeHub.Repository, string? folder = null) =>
        (await Assert.ThrowsAsync<PullException>(() => PullAsync(name, folder))).Message;

    /// <summary>Breaks the transfer after some bytes and leaves a partial of just that length.</summary>
    public async Task BreakAfterAsync(int bytes)
    {
        var options = Options;
        Options = options with { ContinuationsMax = 0 };
        Hub.Script = (call, _) => call.IsStore ? new HubFault { CutAfter = bytes } : HubFault.None;
        Assert.Contains("is kept, the same command goes on", await FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(bytes, new FileInfo(Partial).Length);
        Options = options;
        Hub.Script = (_, _) => HubFault.None;
        Notes.Notes.Clear();
    }

    public void AssertWhole(PulledModel pulled)
    {
        Assert.Equal(Bytes, System.IO.File.ReadAllBytes(Target));
        Assert.Equal(new PulledModel { Name = "tiny", Path = Target, Bytes = Bytes.Length, Sha256 = FakeHub.Digest(Bytes), Licence = "apache-2.0" }, pulled);
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
