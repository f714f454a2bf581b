using System.Diagnostics;
using System.Globalization;
using Holdfast.Gateway.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Gateway.Door;

/// <summary>Counts what the HTTP server refuses before our code sees it: two lengths, too many headers, a head that is no head.</summary>
internal sealed class ServerRejects : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private readonly GatewayMeters _meters;
    private readonly IDisposable _subscription;

    public ServerRejects(GatewayMeters meters, DiagnosticListener server)
    {
        _meters = meters;
        _subscription = server.Subscribe(this, static name => name == Event);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException bad)
        {
            _meters.HttpRejects.Add(1, new KeyValuePair<string, object?>("status", bad.StatusCode.ToString(CultureInfo.InvariantCulture)));
        }
    }

    public void OnError(Exception error) => Debug.Fail("the server's diagnostics broke: " + error.Message);

    public void OnCompleted() => Dispose();

    public void Dispose() => _subscription.Dispose();
}
