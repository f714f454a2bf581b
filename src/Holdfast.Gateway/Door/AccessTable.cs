using Holdfast.Gateway.Files;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Door;

/// <summary>
/// Who may do what, in one table. An exact path decides before the folder it lies in, a deeper folder before a higher one; what fits nothing needs an admin key: a route that somebody
/// forgets here is shut, not open.
/// </summary>
internal sealed class AccessTable
{
    private const long SmallBody = 64 << 10;
    private readonly AccessRule[] _rules;
    private readonly AccessRule _otherwise;

    public AccessTable(GatewayOptions options)
    {
        var json = options.Limits.BodyBytesMax;
        var upload = options.Limits.UploadBytesMax;
        _rules =
        [
            new("/healthz", null, 0, null, RecordKind.Count),
            new("/readyz", null, 0, null, RecordKind.Count),
            new("/assets/*", null, 0, null, RecordKind.Count),
            new("/sign-in", null, SmallBody, null, RecordKind.Line),
            new("/sign-out", KeyRole.Client, SmallBody, null, RecordKind.Line),
            new("/v1/models", KeyRole.Client, 0, null, RecordKind.Count),
            new("/v1/models/*", KeyRole.Client, 0, null, RecordKind.Count),
            new("/v1/files", KeyRole.Client, upload, "gateway.limits.uploadBytesMax", RecordKind.Trace) { BodyHeldMax = UploadReader.HeldBytesMax },
            new("/v1/*", KeyRole.Client, json, BodyReader.BodyOption, RecordKind.Trace),
            new("/", KeyRole.Client, SmallBody, null, RecordKind.Count),
            new("/ask", KeyRole.Client, SmallBody, null, RecordKind.Count),
            new("/documents/*", KeyRole.Client, SmallBody, null, RecordKind.Count),
            new("/metrics", KeyRole.Admin, 0, null, RecordKind.Count),
            new("/admin/*", KeyRole.Admin, json, BodyReader.BodyOption, RecordKind.Line),
            new("/*", KeyRole.Admin, SmallBody, null, RecordKind.Count),
        ];
        Array.Sort(_rules, static (a, b) => (IsBelow(a), -a.Pattern.Length).CompareTo((IsBelow(b), -b.Pattern.Length)));
        _otherwise = new("", KeyRole.Admin, SmallBody, null, RecordKind.Line);
    }

    public AccessRule Find(string path)
    {
        foreach (var rule in _rules)
        {
            if (IsBelow(rule) ? path.AsSpan().StartsWith(rule.Pattern.AsSpan(0, rule.Pattern.Length - 1), StringComparison.Ordinal) : path == rule.Pattern)
            {
                return rule;
            }
        }

        return _otherwise;
    }

    /// <summary>Exact paths come first, then the deepest folder.</summary>
    private static bool IsBelow(AccessRule rule) => rule.Pattern[^1] == '*';
}
