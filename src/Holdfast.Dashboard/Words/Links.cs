using System.Globalization;

namespace Holdfast.Dashboard.Words;

/// <summary>Addresses of pages. Ids come from outside, so they are escaped.</summary>
public static class Links
{
    public static string Trace(string requestId) => "/requests/" + Uri.EscapeDataString(requestId);

    public static string TraceJson(string requestId) => "/admin/requests/" + Uri.EscapeDataString(requestId);

    public static string Document(string documentId) => "/documents/" + Uri.EscapeDataString(documentId);

    public static string Span(string documentId, int start, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{Document(documentId)}?start={start}&length={length}#passage");

    public static string Window(string documentId, int from) =>
        string.Create(CultureInfo.InvariantCulture, $"{Document(documentId)}?from={from}");

    public static string Documents(string? collection, bool isQuarantined, string? after = null) =>
        Query("/documents", ("collection", collection), ("quarantined", isQuarantined ? "true" : null), ("after", after));

    public static string Requests(string? only, string? before = null) => Query("/requests", ("only", only), ("before", before));

    private static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var address = path;
        foreach (var (name, value) in parts)
        {
            if (value is not null)
            {
                address += (address.Length == path.Length ? '?' : '&') + name + "=" + Uri.EscapeDataString(value);
            }
        }

        return address;
    }
}
