using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Dashboard.Assets;

/// <summary>
/// The embedded files by address. An address holds the content's hash (<c>/assets/console.1f…css</c>), so that browsers keep it for a
/// year and a new build is seen at once. A module names its imports by plain file name; they are rewritten to hashed names here.
/// </summary>
internal sealed class AssetCatalogue
{
    private const string Prefix = "assets/";

    /// <summary>A file with a fixed address, for people: it is asked for again each time.</summary>
    private const string NoticeName = "notice.txt";

    private static readonly Regex Import = new("from \"\\./(?<name>[a-z-]+\\.js)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private readonly ConcurrentDictionary<string, Asset> _byName = new();
    private readonly HashSet<string> _names;

    public AssetCatalogue() => _names = typeof(AssetCatalogue).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(static name => name[Prefix.Length..])
        .ToHashSet();

    public IReadOnlyCollection<string> Names => _names;

    /// <summary>The address under which <paramref name="name"/> is served now.</summary>
    public string Address(string name) => $"/assets/{FileName(name)}";

    /// <summary>Finds what stands behind the last part of an address, or null: an old hash is not answered with new content.</summary>
    public Asset? Find(string fileName)
    {
        var parts = fileName.Split('.');
        var name = parts.Length == 3 ? $"{parts[0]}.{parts[2]}" : fileName;
        return _names.Contains(name) && string.Equals(FileName(name), fileName, StringComparison.Ordinal) ? Load(name) : null;
    }

    private string FileName(string name)
    {
        var asset = Load(name);
        var dot = name.LastIndexOf('.');
        return asset.IsImmutable ? $"{name[..dot]}.{asset.Hash}{name[dot..]}" : name;
    }

    private Asset Load(string name) => _byName.GetOrAdd(name, Read);

    private Asset Read(string name)
    {
        using var stream = typeof(AssetCatalogue).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new UnreachableException($"{name} is not embedded");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var extension = Path.GetExtension(name);
        if (extension == ".js" && content.AsSpan().IndexOf("from \"./"u8) >= 0)
        {
            content = Encoding.UTF8.GetBytes(Import.Replace(Encoding.UTF8.GetString(content), match => $"from \"./{FileName(match.Groups["name"].Value)}\""));
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        return new Asset(ContentTypes[extension], hash, name != NoticeName, content);
    }
}
