using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Configuration;
using Holdfast.Hosting;

namespace Holdfast.Verbs;

/// <summary>
/// Who answers a verb: the running server that owns the data folder, by the address and key of <c>server.json</c>; when nobody owns it, this
/// process takes it and serves itself on a free loopback port, so that both ways are one way.
/// </summary>
internal sealed class Owner : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly DataFolder? _data;
    private readonly Service? _service;

    private Owner(string origin, string key, DataFolder? data, Service? service)
    {
        (_data, _service) = (data, service);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromMinutes(2) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Throws <see cref="DataFolderTakenException"/> when a process has the folder but cannot be reached yet.</summary>
    public static async Task<Owner> FindOrStartAsync(HoldfastOptions options, CancellationToken cancellationToken)
    {
        DataFolder data;
        try
        {
            data = DataFolder.Take(options.Data);
        }
        catch (DataFolderTakenException)
        {
            var server = ServerFile.Read(Path.Combine(options.Data, DataFolder.ServerFileName));
            if (server is null)
            {
                throw;
            }

            return new Owner(server.BaseUrl[..^"/v1".Length], server.AdminKey, data: null, service: null);
        }

        try
        {
            var service = await Service.StartAsync(new ServicePlan { Options = options, Data = data, Listen = new ListenAddress("127.0.0.1", 0), IsForVerb = true }, cancellationToken);
            return new Owner(service.Origin, service.Key, data, service);
        }
        catch
        {
            data.Dispose();
            throw;
        }
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

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_service is not null)
        {
            await _service.StopAsync();
            await _service.DisposeAsync();
        }

        _data?.Dispose();
    }
}
