namespace Holdfast.Gateway.Keys;

/// <summary>A signed-in browser. <paramref name="PageToken"/> must come back with each write.</summary>
internal sealed record BrowserSession(KeyRow Key, string PageToken, DateTimeOffset Until);
