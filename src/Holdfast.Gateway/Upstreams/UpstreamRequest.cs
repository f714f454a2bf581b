using System.Net;
using System.Net.Http.Headers;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Upstreams;

/// <summary>Builds the request to an upstream: our own headers and the client's bytes, nothing of the client's head.</summary>
internal sealed class UpstreamRequest(string apiKey)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly AuthenticationHeaderValue? _authorization = apiKey.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", apiKey);

    public static string Route(CallKind kind) => kind switch
    {
        CallKind.Chat => "v1/chat/completions",
        CallKind.Completion => "v1/completions",
        CallKind.Embedding => "v1/embeddings",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a call of no known kind"),
    };

    public HttpRequestMessage Post(Uri address, ReadOnlyMemory<byte> body, string requestId)
    {
        var request = Message(HttpMethod.Post, address);

        // vLLM takes it for the id of the request, so that its log can be searched with ours.
        request.Headers.TryAddWithoutValidation("X-Request-ID", requestId);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = Json;
        return request;
    }

    public HttpRequestMessage Get(Uri address) => Message(HttpMethod.Get, address);

    /// <summary>What <see cref="Post"/> puts into the head, with the key masked, for the trace.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Described(string requestId)
    {
        List<KeyValuePair<string, string>> headers = [new("Content-Type", "application/json"), new("X-Request-ID", requestId)];
        if (_authorization is not null)
        {
            headers.Add(new("Authorization", "Bearer ***"));
        }

        return headers;
    }

    private HttpRequestMessage Message(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = _authorization;
        return request;
    }
}
