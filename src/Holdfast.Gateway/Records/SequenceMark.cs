using System.IO.MemoryMappedFiles;

namespace Holdfast.Gateway.Records;

/// <summary>
/// The last number given to a request, in a mapped file of eight bytes. A store to it survives SIGKILL (the page belongs to the kernel)
/// and costs no call, so the next start knows exactly which rows a kill took with it. A power cut may lose the last seconds of it.
/// </summary>
internal sealed class SequenceMark : IDisposable
{
    private const string FileName = "sequence";
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    public SequenceMark(string dataFolder)
    {
        try
        {
            Directory.CreateDirectory(dataFolder);
            _file = MemoryMappedFile.CreateFromFile(Path.Combine(dataFolder, FileName), FileMode.OpenOrCreate, mapName: null, capacity: sizeof(long));
            _view = _file.CreateViewAccessor(0, sizeof(long));
            Issued = _view.ReadInt64(0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Fault = fault.Message;
        }
    }

    /// <summary>The last number given by the run before this one.</summary>
    public long Issued { get; }

    /// <summary>Why the mark cannot be kept; then a loss can only be named by the last row on disk.</summary>
    public string? Fault { get; }

    public void Write(long sequence) => _view?.Write(0, sequence);

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
