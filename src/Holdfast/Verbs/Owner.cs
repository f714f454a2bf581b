using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Hosting;

namespace Holdfast.Verbs;

/// <summary>The running server that owns the data folder, asked over HTTP with the key of <c>server.json</c>.</summary>
internal sealed class Owner : IDisposable
{
    private readonly HttpClient _client;

    private Owner(ServerFile server)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.BaseUrl[..^"/v1".Length]), Timeout = TimeSpan.FromMinutes(2) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminKey);
    }

    /// <summary>Null when no server is announced in the folder.</summary>
    public static Owner? Find(string dataFolder)
    {
        var server = ServerFile.Read(Path.Combine(dataFolder, "server.json"));
        return server is null ? null : new Owner(server);
    }

    /// <summary>Throws <see cref="HttpRequestException"/> when it does not answer.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public void Dispose() => _client.Dispose();
}
