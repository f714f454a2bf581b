using System.Net.Http.Headers;

namespace Holdfast.Gateway.Upstreams;

/// <summary>The headers of a refusal that a client acts on, as they came.</summary>
internal static class RefusalHeaders
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpResponseHeaders headers)
    {
        List<KeyValuePair<string, string>> kept = [];
        foreach (var (name, values) in headers.NonValidated)
        {
            if (IsKept(name))
            {
                foreach (var value in values)
                {
                    kept.Add(new(name, value));
                }
            }
        }

        return kept;
    }

    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now) =>
        UpstreamErrors.RetryAfter(First(headers, "retry-after-ms"), First(headers, "Retry-After"), now);

    private static string? First(HttpResponseHeaders headers, string name)
    {
        if (headers.NonValidated.TryGetValues(name, out var values))
        {
            foreach (var value in values)
            {
                return value;
            }
        }

        return null;
    }

    private static bool IsKept(string name) =>
        name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)
        || name.Equals("retry-after-ms", StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-should-retry", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase);
}
