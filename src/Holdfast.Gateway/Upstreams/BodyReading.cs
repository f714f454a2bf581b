using System.Buffers;

namespace Holdfast.Gateway.Upstreams;

/// <summary>Reads a body whole, up to a bound.</summary>
internal static class BodyReading
{
    private const int FirstBytes = 4096;

    /// <returns>The bytes, and whether the body was longer than the bound (then the bytes are its beginning).</returns>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, bool IsCut)> ReadAsync(Stream body, int bytesMax, Action onRead, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                if (read == 0)
                {
                    return (buffer.AsSpan(0, filled).ToArray(), false);
                }

                onRead();
                filled += read;
                if (filled > bytesMax)
                {
                    return (buffer.AsSpan(0, bytesMax).ToArray(), true);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
