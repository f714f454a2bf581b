using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>
/// A file that is being pulled: <c>NAME.partial</c> with a note beside it. Bytes are only ever appended, so whatever ends the process, what lies
/// there is a beginning of the file. The digest is computed along; at the end it decides whether the name is given.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PartialNote _note;

    private PartialFile(string path, FileStream stream, PartialNote note) => (_path, _stream, _note) = (path, stream, note);

    public long Bytes => _stream.Length;

    /// <summary>The strong tag that the beginning came with.</summary>
    public EntityTagHeaderValue? Tag => EntityTagHeaderValue.TryParse(_note.Tag, out var tag) ? tag : null;

    public static string PathOf(string target) => target + ".partial";

    /// <summary>Opens what is there, or starts anew and says why. Throws what the disk throws.</summary>
    public static async Task<PartialFile> OpenAsync(string target, PartialNote wanted, Action<string> note, CancellationToken cancellationToken)
    {
        var path = PathOf(target);
        var known = ReadNote(path);
        var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous });
        var partial = new PartialFile(path, stream, wanted with { Tag = known?.Tag });
        try
        {
            if (stream.Length > 0)
            {
                if (WhyNot(known, wanted, stream.Length) is { } reason)
                {
                    note($"{reason}; starting anew");
                    partial.Restart();
                }
                else
                {
                    await partial.HashAsync(cancellationToken);
                }
            }

            partial.WriteNote();
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
    }

    /// <summary>Forgets everything that is there.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _hash.GetHashAndReset();
        _note = _note with { Tag = null };
    }

    /// <summary>Keeps the server's tag when it is a strong one: a weak one may not be used for parts.</summary>
    public void Keep(EntityTagHeaderValue? tag)
    {
        if (Bytes == 0 && tag is { IsWeak: false } && _note.Tag != tag.Tag)
        {
            _note = _note with { Tag = tag.Tag };
            WriteNote();
        }
    }

    /// <summary>The digest of what is there, lower case.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Gives the file its name: whole or not at all, and never in place of another file.</summary>
    public void Finish(string target)
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_path, target, overwrite: false);
        File.Delete(NotePath(_path));
    }

    public void Remove()
    {
        _stream.Dispose();
        File.Delete(_path);
        File.Delete(NotePath(_path));
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    private static string NotePath(string path) => path + ".json";

    private static string? WhyNot(PartialNote? known, PartialNote wanted, long bytes) =>
        known is null ? "what is here of the file has no note that says what it is"
        : known.Source != wanted.Source ? $"what is here is of {Terminal.Shown(known.Source)}"
        : known.Sha256 != wanted.Sha256 || known.Bytes != wanted.Bytes ? "the file has changed on the hub since the last try"
        : bytes > wanted.Bytes ? "what is here is longer than the file"
        : null;

    private static PartialNote? ReadNote(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PartialNote>(File.ReadAllBytes(NotePath(path)), Json.Line);
        }
        catch (Exception fault) when (fault is JsonException or FileNotFoundException)
        {
            // Without a note that can be read nothing is known of the bytes: the file starts anew.
            return null;
        }
    }

    private void WriteNote() => File.WriteAllText(NotePath(_path), JsonSerializer.Serialize(_note, Json.Line) + "\n");

    private async Task HashAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        _stream.Position = 0;
        while (await _stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            _hash.AppendData(buffer, 0, count);
        }
    }
}
