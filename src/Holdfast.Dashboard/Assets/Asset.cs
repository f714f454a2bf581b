using System.IO.Compression;

namespace Holdfast.Dashboard.Assets;

/// <summary>
/// One embedded file. The gzip form is made at its first use and kept; ECharts takes about 60 ms for it, which a start without a
/// browser should not pay.
/// </summary>
internal sealed class Asset
{
    private readonly byte[] _content;
    private readonly Lazy<byte[]> _gzip;

    public Asset(string contentType, string hash, bool isImmutable, byte[] content)
    {
        ContentType = contentType;
        Hash = hash;
        IsImmutable = isImmutable;
        _content = content;
        _gzip = new Lazy<byte[]>(() => Compress(content));
    }

    public string ContentType { get; }

    /// <summary>First 16 hex digits of the content's SHA-256.</summary>
    public string Hash { get; }

    /// <summary>True when the address holds the hash, so that what stands behind it never changes.</summary>
    public bool IsImmutable { get; }

    public ReadOnlyMemory<byte> Bytes(bool isGzip) => isGzip ? _gzip.Value : _content;

    /// <summary>Strong, and another one for each encoding: the bytes differ.</summary>
    public string ETag(bool isGzip) => isGzip ? $"\"{Hash}-gzip\"" : $"\"{Hash}\"";

    private static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }
}
