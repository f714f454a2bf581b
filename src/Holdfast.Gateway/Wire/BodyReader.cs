using System.Buffers;
using System.Globalization;
using Holdfast.Abstractions.Answering;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Wire;

/// <summary>Reads a JSON body whole, within a number of bytes and a total time: a minimum rate alone lets 300 bytes a second go on for ever.</summary>
internal sealed class BodyReader(TimeProvider clock)
{
    /// <summary>The option that bounds a JSON body.</summary>
    public const string BodyOption = "gateway.limits.bodyBytesMax";

    private const int ChunkBytes = 16 << 10;

    public async Task<(byte[] Body, AnswerFault? Fault)> ReadJsonAsync(HttpContext context, long bytesMax, TimeSpan deadline)
    {
        if (!IsJson(context.Request.ContentType))
        {
            var sent = context.Request.ContentType is { Length: > 0 } type ? $"'{type}'" : "none";
            return ([], Refusals.MediaType($"The body must be sent with 'Content-Type: application/json'; it has {sent}."));
        }

        var coding = context.Request.Headers.ContentEncoding.ToString();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            return ([], Refusals.MediaType($"The body has 'Content-Encoding: {coding}'; send it as it is, without a coding."));
        }

        if (TryReadArrived(context.Request, bytesMax) is { } arrived)
        {
            return (arrived, null);
        }

        using var late = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            return await ReadAsync(context.Request, bytesMax, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return ([], Refusals.BodyTimeout($"The body did not arrive within {deadline.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s (gateway.limits.bodyDeadline)."));
        }
        catch (BadHttpRequestException bad) when (!IsEnd(bad))
        {
            return ([], FromServer(bad, bytesMax, BodyOption));
        }
    }

    /// <summary>A body that says itself that it is over the limit of its path.</summary>
    public static AnswerFault TooLarge(long announced, long bytesMax, string? option) => Refusals.TooLarge(
        bytesMax == 0 ? "This path takes no body; send none." : string.Create(CultureInfo.InvariantCulture, $"The body has {announced} bytes; the limit is {Limit(bytesMax, option)}."));

    /// <summary>The server's own word about a body that it could not read, in ours.</summary>
    public static AnswerFault FromServer(BadHttpRequestException bad, long bytesMax, string? option) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Refusals.TooLarge(bytesMax == 0 ? "This path takes no body; send none." : $"The body has more than {Limit(bytesMax, option)}."),
        StatusCodes.Status503ServiceUnavailable => Refusals.Full(bad.Message, Refusals.ComeBack),
        StatusCodes.Status408RequestTimeout => Refusals.BodyTimeout("The body came too slowly: less than 240 bytes a second after 5 s."),
        _ => Refusals.BadRequest("invalid_request", $"The body could not be read: {bad.Message}"),
    };

    /// <summary>The connection ended in the middle of a body. The server has closed its own side by then, so nobody can be answered.</summary>
    public static bool IsEnd(BadHttpRequestException bad) => bad.Message == "Unexpected end of request content.";

    /// <summary>A small body usually came with its head: then it is there whole, and neither deadline nor wait is needed.</summary>
    private static byte[]? TryReadArrived(HttpRequest request, long bytesMax)
    {
        if (request.ContentLength is not { } length || length > bytesMax || !request.BodyReader.TryRead(out var read))
        {
            return null;
        }

        if (read.Buffer.Length != length)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return null;
        }

        var body = read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }

    private static async Task<(byte[] Body, AnswerFault? Fault)> ReadAsync(HttpRequest request, long bytesMax, CancellationToken cancellationToken)
    {
        // With an announced length one array of that size, which the record keeps; it was checked against the limit.
        var body = new byte[request.ContentLength is { } length ? (int)length : ChunkBytes];
        var read = 0;
        while (true)
        {
            if (read == body.Length)
            {
                if (request.ContentLength is not null)
                {
                    return (body, null);
                }

                Array.Resize(ref body, (int)Math.Min(bytesMax + 1, body.Length * 2L));
            }

            var count = await request.Body.ReadAsync(body.AsMemory(read), cancellationToken);
            read += count;
            if (read > bytesMax)
            {
                return ([], Refusals.TooLarge($"The body has more than {Limit(bytesMax, BodyOption)}."));
            }

            if (count == 0)
            {
                Array.Resize(ref body, read);
                return (body, null);
            }
        }
    }

    private static bool IsJson(string? type)
    {
        if (type is null)
        {
            return false;
        }

        var end = type.IndexOf(';', StringComparison.Ordinal);
        var media = (end < 0 ? type.AsSpan() : type.AsSpan(0, end)).Trim();
        return media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (media.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }

    private static string Limit(long bytesMax, string? option) => $"{bytesMax} bytes ({Size(bytesMax)}{(option is null ? "" : $", option {option}")})";

    private static string Size(long bytes) =>
        bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";
}
