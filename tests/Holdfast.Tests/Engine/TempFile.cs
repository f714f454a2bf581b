namespace Holdfast.Tests.Engine;

/// <summary>A file that goes when the test ends.</summary>
internal sealed class TempFile : IDisposable
{
    public TempFile(byte[] bytes)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"holdfast-{Guid.NewGuid():N}.gguf");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
