using System.Globalization;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Status;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Door;

/// <summary>
/// The one middleware that every request passes, whatever answers it: who, whether, how much, and what is written down. It decides by
/// <see cref="AccessTable"/> alone, so a new route is shut until the table opens it.
/// </summary>
internal sealed partial class Gate(
    GatewayOptions options,
    AccessTable table,
    Authenticator authenticator,
    TokenSignIn tokens,
    RequestIds ids,
    RecordBook records,
    ByteLimit bodies,
    GatewayMeters meters,
    TrafficHistory history,
    TimeProvider clock,
    ILogger<Gate> log)
{
    private readonly HostNames _hosts = new(options.Hosts);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        var x = new Exchange(ids.Next(), clock.GetUtcNow(), clock, context.Request.Method + " " + path);
        context.Features.Set(x);
        Name(context, x);
        x.Answer.Max = options.Records.BodyBytesMax;
        x.Http = context;
        var rule = table.Find(path);
        using var held = bodies.Open();
        try
        {
            var fault = Head(context);
            if (fault is null && tokens.TrySignIn(context))
            {
                Leave(context, x, rule);
                return;
            }

            fault ??= await EnterAsync(context, x, rule, held);
            if (fault is null)
            {
                await next(context);
                fault = x.Fault is { } found && !context.Response.HasStarted && !x.IsRecorded ? found : Unanswered(context);
            }

            if (fault is not null)
            {
                await RefuseAsync(context, x, rule, fault);
            }
        }
        catch (Exception fault) when (IsOfClient(fault, context.RequestAborted.IsCancellationRequested))
        {
            ClientLeft(context, x);
        }
        catch (Exception fault)
        {
            await BreakAsync(context, x, rule, fault);
        }

        Leave(context, x, rule);
    }

    private AnswerFault? Head(HttpContext context)
    {
        var request = context.Request;
        if (!_hosts.IsAnswered(context.Connection.LocalIpAddress, request.Host.Host))
        {
            return Refusals.WrongHost($"The host '{request.Host.Host}' is not answered on a loopback address; use 127.0.0.1 or localhost, or name it under gateway.hosts.");
        }

        // Kestrel moves the length aside when both stand in a head: two readers of it may see two different requests.
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length"))
        {
            context.Response.Headers.Connection = "close";
            return Refusals.BadRequest("invalid_request", "Content-Length and Transfer-Encoding stand in one request; send one of them.");
        }

        return null;
    }

    private async Task<AnswerFault?> EnterAsync(HttpContext context, Exchange x, AccessRule rule, ByteLease held)
    {
        var request = context.Request;
        x.Begin();
        var (visitor, fault) = Authenticate(request, rule);
        if (visitor is { } found)
        {
            x.KeyName = found.Key.Name;
            x.IsAdmin = found.Key.Role == KeyRole.Admin;
            if (rule.Role == KeyRole.Admin && !x.IsAdmin)
            {
                fault = Refusals.Forbidden("insufficient_role", $"The key '{found.Key.Name}' is a client's; {request.Path} needs an admin key.");
            }
        }

        x.End("authenticate", fault?.Code ?? x.KeyName ?? "open", null);
        fault ??= Announced(context, rule);

        // A stranger's body (sign-in) is small and has its bound in the connections; counted, strangers could keep out who has a key.
        fault ??= visitor is null ? null : BodyHold.Begin(context, rule, bodies, held);
        if (fault is null && visitor is { } guest && rule.Keeps != RecordKind.Trace)
        {
            Introduce(context, guest);
        }

        return fault ?? (visitor?.Session is { } session ? await CheckWriteAsync(context, session, rule) : null);
    }

    private (Visitor? Visitor, AnswerFault? Fault) Authenticate(HttpRequest request, AccessRule rule)
    {
        var inQuery = authenticator.KeyInQuery(request);
        if (inQuery is not null || (rule.Role is null && request.Headers.Cookie.Count == 0))
        {
            return (null, inQuery);
        }

        var (visitor, fault) = authenticator.Find(request);
        return rule.Role is null ? (visitor, null) : (visitor, fault);
    }

    /// <summary>Refuses by the announced length, before a byte of the body is read.</summary>
    private static AnswerFault? Announced(HttpContext context, AccessRule rule)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = rule.BodyBytesMax;
        }

        return context.Request.ContentLength > rule.BodyBytesMax ? BodyReader.TooLarge(context.Request.ContentLength.Value, rule.BodyBytesMax, rule.BodyOption) : null;
    }

    /// <summary>Leaves what the pages need to know of their visitor.</summary>
    private static void Introduce(HttpContext context, Visitor visitor)
    {
        context.Items[PageSession.TokenItem] = visitor.Session?.PageToken ?? "";
        context.Items[PageSession.KeyNameItem] = visitor.Key.Name;
        context.Items[PageSession.IsAdminItem] = visitor.Key.Role == KeyRole.Admin;
    }

    private static async Task<AnswerFault?> CheckWriteAsync(HttpContext context, BrowserSession session, AccessRule rule)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return isRead || rule.Role is null ? null : await PageWrites.CheckAsync(context, session, rule.BodyBytesMax);
    }

    /// <summary>What routing found nothing for, or answered with a bare status.</summary>
    private static AnswerFault? Unanswered(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentLength is not null || response.ContentType is not null)
        {
            return null;
        }

        var path = context.Request.Path.Value ?? "/";
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Refusals.NotFound("unknown_url", $"Nothing is answered at {context.Request.Method} {path}."),
            StatusCodes.Status405MethodNotAllowed => Refusals.Method(context.Request.Method, path),
            _ => null,
        };
    }

    private async Task RefuseAsync(HttpContext context, Exchange x, AccessRule rule, AnswerFault fault)
    {
        x.Fault = fault;
        if (fault.Status == StatusCodes.Status401Unauthorized && WantsPage(context.Request))
        {
            SendTo(context, "/sign-in");
            return;
        }

        if (fault.Code == "insufficient_role" && WantsPage(context.Request))
        {
            (x.Status, context.Response.StatusCode) = (fault.Status, fault.Status);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(fault.Message + "\n", context.RequestAborted);
            return;
        }

        x.Status = fault.Status;
        var body = ErrorAnswer.Body(fault);
        x.Answer.Clear();
        x.Answer.Add(body);
        Keep(x, rule);
        await ErrorAnswer.WriteAsync(context, fault, body);
    }

    private static void SendTo(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/admin", StringComparison.Ordinal);

    /// <summary>
    /// True for what a connection that is gone makes of a read or a write. The server throws a reset itself, or the end of a body, before it says that the
    /// request was aborted; whoever reads again then hears that a read is already in progress.
    /// </summary>
    private static bool IsOfClient(Exception fault, bool isAborted) => fault switch
    {
        ConnectionResetException => true,
        BadHttpRequestException bad => BodyReader.IsEnd(bad),
        OperationCanceledException or ConnectionAbortedException => isAborted,
        InvalidOperationException => isAborted && fault.Source == "Microsoft.AspNetCore.Server.Kestrel.Core",
        _ => false,
    };

    private void ClientLeft(HttpContext context, Exchange x)
    {
        x.IsClientGone = true;
        x.Status = StatusCodes.Status499ClientClosedRequest;
        meters.ClientsGone.Add(1);
        context.Abort();
    }

    private async Task BreakAsync(HttpContext context, Exchange x, AccessRule rule, Exception fault)
    {
        if (fault is BadHttpRequestException bad)
        {
            await RefuseAsync(context, x, rule, BodyReader.FromServer(bad, rule.BodyBytesMax, rule.BodyOption));
            return;
        }

        Log.Broken(log, x.Id, x.Route, fault);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look whole.
            x.IsCutShort = true;
            context.Abort();
            return;
        }

        context.Response.Clear();
        Name(context, x);
        await RefuseAsync(context, x, rule, Refusals.Internal(x.Id));
    }

    /// <summary>OpenAI's clients show <c>x-request-id</c> in their errors.</summary>
    private static void Name(HttpContext context, Exchange x) =>
        context.Response.Headers["x-request-id"] = context.Response.Headers["x-holdfast-request-id"] = x.Id;

    private void Leave(HttpContext context, Exchange x, AccessRule rule)
    {
        x.Status = x.Status == 0 ? context.Response.StatusCode : x.Status;
        Keep(x, rule);
        var status = x.Status.ToString(CultureInfo.InvariantCulture);
        var route = rule.Pattern.Length == 0 ? "other" : rule.Pattern;
        meters.Requests.Add(1, new("route", route), new("model", x.Served?.Id ?? ""), new("status", status));
        meters.RequestSeconds.Record(x.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("route", route));
        if (x.Fault is { } fault)
        {
            meters.Refusals.Add(1, new("reason", fault.Code), new("status", status));
        }

        if (x.Ttft is { } ttft)
        {
            meters.Ttft.Record(ttft.TotalSeconds, new KeyValuePair<string, object?>("model", x.Served?.Id ?? ""));
        }

        if (x.Backend is not null || (rule.Keeps == RecordKind.Trace && x.Status >= 400))
        {
            history.Add(x.Status, x.IsCutShort, x.Ttft);
        }

        if (rule.Keeps == RecordKind.Line && !HttpMethods.IsGet(context.Request.Method))
        {
            Log.Written(log, x.Id, x.Route, x.KeyName ?? "", x.Status);
        }
    }

    /// <summary>A stranger's request is counted and not traced: he must not be able to fill the record.</summary>
    private void Keep(Exchange x, AccessRule rule)
    {
        if (rule.Keeps != RecordKind.Trace || x.KeyName is null || x.IsRecorded)
        {
            return;
        }

        x.Duration = x.Elapsed;
        records.Add(x);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {Id} {Route} broke")]
        public static partial void Broken(ILogger logger, string id, string route, Exception fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Id} {Route} by key {Key}: {Status}")]
        public static partial void Written(ILogger logger, string id, string route, string key, int status);
    }
}
