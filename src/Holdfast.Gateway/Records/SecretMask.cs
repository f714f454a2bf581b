using System.Buffers;
using System.Text.RegularExpressions;

namespace Holdfast.Gateway.Records;

/// <summary>Takes secrets out of what is about to be recorded. What it misses is on disk for good, so it masks rather too much.</summary>
internal static partial class SecretMask
{
    private const string Mask = "[masked]";

    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-goog-api-key", "x-auth-token",
        "x-holdfast-page-token", "x-amz-security-token",
    };

    /// <summary>Each match of <see cref="Tokens"/> holds one of these.</summary>
    private static readonly SearchValues<string> TokenStarts = SearchValues.Create(
        ["earer ", "earer\t", "earer\n", "hf-", "hf_", "sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "AKIA", "ASIA", "xox", "AIza", "PRIVATE KEY"],
        StringComparison.Ordinal);

    /// <summary>Each match of <see cref="Members"/> holds one of these.</summary>
    private static readonly SearchValues<string> MemberStarts = SearchValues.Create(["\"api", "\"access", "\"client", "\"passw", "\"secret", "\"private"], StringComparison.OrdinalIgnoreCase);

    public static string Header(string name, string value) => SecretHeaders.Contains(name) ? Mask : Text(value);

    /// <summary>False: <see cref="Text"/> would give the text back as it is. Both looks are vectorised; a masked token cannot make a member.</summary>
    public static bool MayChange(ReadOnlySpan<char> text) => text.ContainsAny(TokenStarts) || text.ContainsAny(MemberStarts);

    public static string Text(string text)
    {
        // Most texts hold no start of a secret, and looking for the starts alone is vectorised.
        var masked = text.AsSpan().ContainsAny(TokenStarts) ? Tokens().Replace(text, static match => match.Groups["keep"].Value + Mask) : text;
        return masked.AsSpan().ContainsAny(MemberStarts)
            ? Members().Replace(masked, static match => match.Groups["keep"].Value + "\"" + Mask + "\"")
            : masked;
    }

    [GeneratedRegex(
        @"(?<keep>\b[Bb]earer[ \t\n]+)[A-Za-z0-9._~+/=-]{8,}|\b(?:hf|sk|pk|rk)[-_][A-Za-z0-9_-]{12,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tokens();

    [GeneratedRegex(
        """(?<keep>"(?:api[-_]?key|access[-_]?token|client[-_]?secret|password|passwd|secret[-_]?key|private[-_]?key)"\s*:\s*)"(?:[^"\\]|\\.)*"?""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Members();
}
