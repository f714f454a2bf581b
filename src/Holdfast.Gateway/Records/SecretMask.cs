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

    public static string Header(string name, string value) => SecretHeaders.Contains(name) ? Mask : Text(value);

    public static string Text(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var masked = Tokens().Replace(text, static match => match.Groups["keep"].Value + Mask);
        return Members().Replace(masked, static match => match.Groups["keep"].Value + "\"" + Mask + "\"");
    }

    [GeneratedRegex(
        @"(?<keep>\b[Bb]earer\s+)[A-Za-z0-9._~+/=-]{8,}|\b(?:hf|sk|pk|rk)[-_][A-Za-z0-9_-]{12,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tokens();

    [GeneratedRegex(
        """(?<keep>"(?:api[-_]?key|access[-_]?token|client[-_]?secret|password|passwd|secret[-_]?key|private[-_]?key)"\s*:\s*)"(?:[^"\\]|\\.)*"?""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Members();
}
