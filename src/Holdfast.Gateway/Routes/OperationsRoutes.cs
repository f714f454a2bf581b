using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Status;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>.</summary>
internal sealed class OperationsRoutes(PrometheusText metrics, Readiness readiness)
{
    /// <summary>The process answers.</summary>
    public static Task HealthAsync(HttpContext context) => TextAsync(context, "ok\n");

    /// <summary>It is safe to send traffic.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        if (readiness.NotReady is not { } reason)
        {
            return TextAsync(context, "ready\n");
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return TextAsync(context, reason + "\n");
    }

    public Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
    }

    private static Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
