using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Makes request ids: 48 bits of milliseconds and 80 bits that start random in each millisecond and count up inside it, in
/// Crockford's base 32. They sort by time and, inside a process, by order.
/// </summary>
internal sealed class RequestIds(TimeProvider clock)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly Lock _gate = new();
    private long _millisecondsLast;
    private UInt128 _tail;

    public string Next()
    {
        var milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
        UInt128 value;
        lock (_gate)
        {
            if (milliseconds > _millisecondsLast)
            {
                _millisecondsLast = milliseconds;
                _tail = RandomTail();
            }
            else
            {
                _tail++;
            }

            value = ((UInt128)(ulong)_millisecondsLast << 80) | _tail;
        }

        return string.Create(26, value, static (text, left) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(left & 31)];
                left >>= 5;
            }
        });
    }

    /// <summary>79 bits: the free top bit leaves room to count.</summary>
    private static UInt128 RandomTail()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes) >> 49;
    }
}
