using Holdfast.Gateway.Exchanges;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Gateway.Routes;

/// <summary>Finds the exchange that the gate made for a request.</summary>
internal static class FeatureExtensions
{
    public static T GetRequiredFeature<T>(this IFeatureCollection features)
        where T : class =>
        features.Get<T>() ?? throw new InvalidOperationException($"no {typeof(T).Name}: the route was mapped outside the gate");

    public static Exchange Exchange(this IFeatureCollection features) => features.GetRequiredFeature<Exchange>();
}
