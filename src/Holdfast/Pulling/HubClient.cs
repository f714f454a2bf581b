using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>
/// Asks the hub. Redirects are followed here and not by the handler, because each hop decides anew whether the token may go along: it goes to
/// the hub's own origin alone, and large files lie elsewhere. Addresses of other hosts are signed; only their hosts are ever printed.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web) { MaxDepth = 32 };
    private static readonly ProductInfoHeaderValue Agent = new("holdfast", typeof(HubClient).Assembly.GetName().Version?.ToString(3));

    private readonly HubAddress _hub;
    private readonly PullOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public HubClient(HubAddress hub, PullOptions options, TimeProvider time)
    {
        (_hub, _options, _time) = (hub, options, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTime,
            UseCookies = false,
            // HTTPS_PROXY and its like.
            UseProxy = true,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The files of a repository, its commit and its licence.</summary>
    public async Task<HubRepository> ListAsync(string repository, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(_hub.At($"api/models/{repository}", "?blobs=true"), configure: null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(response, repository);
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var listing = JsonSerializer.Deserialize<HubListing>((await ReadAsync(body, cancellationToken)).Span, Lenient);
            var files = (listing?.Siblings ?? throw new JsonException()).OfType<HubListing.Sibling>().Where(file => file.Path is not null);
            return new HubRepository(
                repository,
                listing.Commit ?? throw new JsonException(),
                listing.Licence(),
                [.. files.Select(file => new HubFile(file.Path!, file.Large?.Bytes ?? file.Bytes ?? 0, file.Large?.Sha256?.ToLowerInvariant()))]);
        }
        catch (JsonException)
        {
            throw new PullException($"{_hub.Text} does not answer as the hub does about {repository}; is {HubAddress.EndpointVariable} right?");
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw new PullException($"the connection to {_hub.Text} ended while the files of {repository} were listed: {Terminal.Shown(fault.Message)}; try again");
        }
    }

    /// <summary>Opens a file at a byte. The answer is 200, 206 or 416; everything else is thrown.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string repository, string commit, string file, long start, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        var response = await SendAsync(
            _hub.At($"{repository}/resolve/{commit}/{file}"),
            request =>
            {
                if (start > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(start, null);
                    request.Headers.IfRange = tag is null ? null : new RangeConditionHeaderValue(tag);
                }
            },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent || (start > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable))
        {
            return response;
        }

        using (response)
        {
            throw Refused(response, $"{repository}/{file}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri place, Action<HttpRequestMessage>? configure, CancellationToken cancellationToken)
    {
        for (var hops = 0; hops <= _options.RedirectsMax; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            request.Headers.UserAgent.Add(Agent);
            if (_hub.Token is { } token && _hub.IsHub(place))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            configure?.Invoke(request);
            var response = await SendOneAsync(request, place, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                return response;
            }

            using (response)
            {
                place = Next(place, response.Headers.Location);
            }
        }

        throw new PullException($"{_hub.Text} redirects more than {_options.RedirectsMax} times, lastly to {Terminal.Shown(place.Host)}; is {HubAddress.EndpointVariable} right?");
    }

    private static Uri Next(Uri place, Uri? location)
    {
        var next = location is null ? null : new Uri(place, location);
        return next is { Scheme: "https" } || (next is { Scheme: "http" } && place.Scheme == "http")
            ? next
            : throw new PullException($"{Terminal.Shown(place.Host)} redirects to {(next is null ? "nowhere" : Terminal.Shown($"{next.Scheme}://{next.Host}"))}, which is not followed");
    }

    private async Task<HttpResponseMessage> SendOneAsync(HttpRequestMessage request, Uri place, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(_options.StallTime);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        }
        catch (HttpRequestException fault)
        {
            throw new HubAwayException(place, fault.InnerException?.Message ?? fault.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubAwayException(place, string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.StallTime.TotalSeconds:0.#} s"));
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(_options.StallTime);
        using var read = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            while (await body.ReadAsync(buffer, stall.Token) is var count and > 0)
            {
                read.Write(buffer, 0, count);
                if (read.Length > _options.ListBytesMax)
                {
                    throw new PullException($"{_hub.Text} sends a list of more than {_options.ListBytesMax} bytes");
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PullException($"{_hub.Text} stopped sending the list of files; try again");
        }

        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    private PullException Refused(HttpResponseMessage response, string what)
    {
        var code = response.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.FirstOrDefault() : null;
        var page = $"{_hub.Text}/{string.Join('/', what.Split('/').Take(2))}";
        var host = Terminal.Shown(response.RequestMessage?.RequestUri?.Host ?? _hub.Endpoint.Host);
        return new PullException((int)response.StatusCode switch
        {
            401 when _hub.Token is not null && code is null or "InvalidToken" => $"{host} does not take the token of {HubAddress.TokenVariable} for {what} (401); make a new one at {_hub.Text}/settings/tokens",
            401 or 403 when _hub.Token is null => $"{what} is gated, private or not there ({(int)response.StatusCode}): look at {page}; if it is gated, accept its terms there and set {HubAddress.TokenVariable}",
            401 or 403 => $"{what} is not open to the owner of {HubAddress.TokenVariable} ({(int)response.StatusCode}{(code is null ? "" : $", {Terminal.Shown(code)}")}): accept its terms at {page}",
            404 => $"{what} is not on {_hub.Text} (404); check the name at {page}",
            429 or 503 => $"{host} is busy and asks to come back {Wait(response)} ({(int)response.StatusCode}); the same command goes on then, what is here is kept",
            var status => $"{host} answers {status} for {what}; try again later, what is here is kept",
        });
    }

    private string Wait(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is { } time ? string.Create(CultureInfo.InvariantCulture, $"in {Math.Max(1, Math.Ceiling(time.TotalSeconds)):0} s") : "later";
    }
}
