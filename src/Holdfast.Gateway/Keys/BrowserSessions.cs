using Holdfast.Gateway.Options;

namespace Holdfast.Gateway.Keys;

/// <summary>Signed-in browsers, by the hash of their cookie. In memory: a restart signs them out. Guarded by <c>_gate</c>.</summary>
internal sealed class BrowserSessions(KeyRing keys, KeyOptions options, TimeProvider clock)
{
    public const string Cookie = "holdfast-session";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BrowserSession> _sessions = [];
    private readonly Queue<string> _order = new();

    /// <summary>Opens a session and returns its cookie.</summary>
    public string Open(KeyRow key)
    {
        var secret = KeyText.Secret();
        var hash = HashOf(secret);
        lock (_gate)
        {
            while (_order.Count >= options.SessionsMax)
            {
                _sessions.Remove(_order.Dequeue());
            }

            _sessions[hash] = new BrowserSession(key, KeyText.Secret(), clock.GetUtcNow() + options.SessionLifetime);
            _order.Enqueue(hash);
        }

        return secret;
    }

    public BrowserSession? Find(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie) || cookie.Length > 200)
        {
            return null;
        }

        BrowserSession? session;
        var hash = HashOf(cookie);
        lock (_gate)
        {
            if (!_sessions.TryGetValue(hash, out session))
            {
                return null;
            }

            if (session.Until < clock.GetUtcNow())
            {
                _sessions.Remove(hash);
                return null;
            }
        }

        return keys.IsAlive(session.Key.Id) ? session : null;
    }

    public void Close(string cookie)
    {
        lock (_gate)
        {
            _sessions.Remove(HashOf(cookie.Length > 200 ? cookie[..200] : cookie));
        }
    }

    private static string HashOf(string cookie) => Convert.ToHexString(KeyText.Hash(cookie));
}
