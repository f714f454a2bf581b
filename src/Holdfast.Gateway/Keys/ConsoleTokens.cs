using Holdfast.Gateway.Options;

namespace Holdfast.Gateway.Keys;

/// <summary>One-time tokens that sign a browser in: the printed address of the console holds one. Guarded by <c>_gate</c>.</summary>
public sealed class ConsoleTokens(KeyOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<(string Hash, KeyRow Key, DateTimeOffset Until)> _tokens = [];

    /// <summary>Makes a token that signs a browser in once as <paramref name="key"/>.</summary>
    public string Make(KeyRow key)
    {
        var token = KeyText.Secret();
        lock (_gate)
        {
            if (_tokens.Count == options.SignInTokensMax)
            {
                _tokens.RemoveAt(0);
            }

            _tokens.Add((HashOf(token), key, clock.GetUtcNow() + options.SignInTokenLifetime));
        }

        return token;
    }

    /// <summary>The key behind the token, which is spent by this; null when there is none or it is too old.</summary>
    internal KeyRow? Spend(string token)
    {
        var hash = HashOf(token);
        lock (_gate)
        {
            var at = _tokens.FindIndex(t => t.Hash == hash);
            if (at < 0)
            {
                return null;
            }

            var (_, key, until) = _tokens[at];
            _tokens.RemoveAt(at);
            return until >= clock.GetUtcNow() ? key : null;
        }
    }

    private static string HashOf(string token) => Convert.ToHexString(KeyText.Hash(token.Length > 200 ? token[..200] : token));
}
