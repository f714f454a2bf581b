using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;

namespace Holdfast.Gateway.Routes;

/// <summary>Says that the service is full, with the number.</summary>
internal static class InFlightRefusal
{
    /// <summary>An answer takes about a second to make room, whatever the model.</summary>
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(1);

    public static AnswerFault Of(InFlightLimit limit) =>
        Refusals.Full($"The service is full: {limit.Max} calls are at work (gateway.limits.inFlightMax). Try again in {ComeBack.TotalSeconds:0} s.", ComeBack);
}
