using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Holdfast.Gateway.Options;

namespace Holdfast.Gateway.Keys;

/// <summary>
/// The keys that open this service. A request reads one immutable table in memory; the disk is touched when a key is made or
/// revoked, so a disk that is full or gone locks nobody out. The table is found by the first eight bytes of the hash, the whole hash
/// is then compared in constant time: what a stranger learns from timing is bits of a hash whose input he cannot choose backwards.
/// </summary>
public sealed class KeyRing
{
    private const string UpName = "up";
    private const int NameLengthMax = 100;
    private const int KeyLengthMax = 300;
    private readonly Lock _gate = new();
    private readonly KeyStore _store;
    private readonly KeyOptions _options;
    private readonly TimeProvider _clock;
    private readonly string _dataFolder;
    private readonly List<(KeyRow Row, byte[] Hash)> _stored;
    private (KeyRow Row, byte[] Hash)? _up;
    private FrozenDictionary<ulong, (KeyRow Row, byte[] Hash)> _table = FrozenDictionary<ulong, (KeyRow, byte[])>.Empty;

    /// <summary>Reads the keys of the data folder, which is made when it is not there.</summary>
    public KeyRing(string dataFolder, KeyOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _dataFolder = dataFolder;
        _store = new KeyStore(dataFolder);
        _stored = _store.Load();
        PublishLocked();
    }

    /// <summary>
    /// The admin key of this start: the one given, else the one kept in the data folder (mode 600), else a new one that is kept there.
    /// A given key is held in memory alone, so the next start without it does not know it.
    /// </summary>
    public string EnsureUpKey(string? given)
    {
        var key = string.IsNullOrEmpty(given) ? UpKeyFile.ReadOrMake(_dataFolder) : given;
        if (key.Length > KeyLengthMax || key.Any(c => c is <= ' ' or > '~'))
        {
            throw new KeyRefusedException($"the key must be 1 to {KeyLengthMax} visible ASCII characters");
        }

        lock (_gate)
        {
            _up = (new KeyRow(UpName, UpName, KeyRole.Admin, _clock.GetUtcNow(), null), KeyText.Hash(key));
            PublishLocked();
        }

        return key;
    }

    /// <summary>Makes a key. Its text is in the result and nowhere else.</summary>
    public CreatedKey Create(string name, KeyRole role)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax || name.Any(char.IsControl))
        {
            throw new KeyRefusedException($"the name must be 1 to {NameLengthMax} characters without control characters");
        }

        lock (_gate)
        {
            if (_stored.Count >= _options.KeysMax)
            {
                throw new KeyRefusedException($"there are {_stored.Count} keys, as many as gateway.keys.keysMax allows");
            }

            if (name == UpName || _stored.Any(k => k.Row.Name == name && k.Row.RevokedAt is null))
            {
                throw new KeyRefusedException($"a key named '{name}' exists; revoke it or choose another name");
            }

            var key = KeyText.New();
            var hash = KeyText.Hash(key);
            var row = new KeyRow(Convert.ToHexStringLower(hash.AsSpan(0, 6)), name, role, _clock.GetUtcNow(), null);
            _store.Add(row, hash);
            _stored.Add((row, hash));
            PublishLocked();
            return new CreatedKey(row, key);
        }
    }

    /// <summary>All keys, revoked ones included; the key of this start first.</summary>
    public IReadOnlyList<KeyRow> List()
    {
        lock (_gate)
        {
            return [.. _up is { } up ? [up.Row] : Array.Empty<KeyRow>(), .. _stored.Select(k => k.Row)];
        }
    }

    /// <summary>Revokes by id or name, from the next request on. Null: no such key, or the key of this start, which only a restart changes.</summary>
    public KeyRow? Revoke(string idOrName)
    {
        lock (_gate)
        {
            var at = _stored.FindIndex(k => k.Row.RevokedAt is null && (k.Row.Id == idOrName || k.Row.Name == idOrName));
            if (at < 0)
            {
                return null;
            }

            var (row, hash) = _stored[at];
            var revoked = row with { RevokedAt = _clock.GetUtcNow() };
            _store.Revoke(row.Id, revoked.RevokedAt.Value);
            _stored[at] = (revoked, hash);
            PublishLocked();
            return revoked;
        }
    }

    internal KeyMatch Find(ReadOnlySpan<char> key)
    {
        if (key.IsEmpty || key.Length > KeyLengthMax)
        {
            return default;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(key, hash);
        if (!_table.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(hash), out var found)
            || !CryptographicOperations.FixedTimeEquals(hash, found.Hash))
        {
            return default;
        }

        return new KeyMatch(found.Row, found.Row.RevokedAt is not null);
    }

    /// <summary>True while the key of that id opens something; a browser session asks on each request.</summary>
    internal bool IsAlive(string id)
    {
        foreach (var (row, _) in _table.Values)
        {
            if (row.Id == id)
            {
                return row.RevokedAt is null;
            }
        }

        return false;
    }

    private void PublishLocked()
    {
        var table = _stored.ToDictionary(k => BinaryPrimitives.ReadUInt64LittleEndian(k.Hash));
        if (_up is { } up)
        {
            table[BinaryPrimitives.ReadUInt64LittleEndian(up.Hash)] = up;
        }

        _table = table.ToFrozenDictionary();
    }
}
