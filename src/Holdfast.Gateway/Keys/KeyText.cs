using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Gateway.Keys;

/// <summary>Makes keys and hashes them.</summary>
internal static class KeyText
{
    /// <summary>256 bits behind a prefix by which scanners of leaked secrets know whose key it is.</summary>
    public static string New() => "hf-" + Secret();

    public static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1_024];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
    }
}
