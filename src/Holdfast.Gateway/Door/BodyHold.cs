using System.Globalization;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Gateway.Door;

/// <summary>Counts the body of a request against <c>gateway.limits.bodiesBytesMax</c>: an announced length at once, another as it grows.</summary>
internal static class BodyHold
{
    /// <summary>A refusal before a byte is read, or null.</summary>
    public static AnswerFault? Begin(HttpContext context, AccessRule rule, ByteLimit bodies, ByteLease lease)
    {
        if (context.Request.ContentLength is { } announced)
        {
            var held = Math.Min(announced, rule.BodyHeldMax);
            return lease.TryGrow(held) ? null : Refusals.Full(Words(bodies, held), Refusals.ComeBack);
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            context.Request.Body = new HeldBody(context.Request.Body, bodies, lease, rule.BodyHeldMax);
        }

        return null;
    }

    /// <summary>What a body that grew past the bound is refused with; <see cref="BodyReader.FromServer"/> makes the answer of it.</summary>
    public static BadHttpRequestException Full(ByteLimit bodies, long bytes) => new(Words(bodies, bytes), StatusCodes.Status503ServiceUnavailable);

    private static string Words(ByteLimit bodies, long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"The service is full: the bodies of the requests at work have {bodies.Held} bytes, this one brings {bytes}, and {bodies.Max} is the most at once (gateway.limits.bodiesBytesMax). Try again in {Refusals.ComeBack.TotalSeconds:0} s.");
}
