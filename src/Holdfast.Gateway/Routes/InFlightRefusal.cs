using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;

namespace Holdfast.Gateway.Routes;

/// <summary>Says that the service is full, with the number.</summary>
internal static class InFlightRefusal
{
    public static AnswerFault Of(InFlightLimit limit) =>
        Refusals.Full($"The service is full: {limit.Max} calls are at work (gateway.limits.inFlightMax). Try again in {Refusals.ComeBack.TotalSeconds:0} s.", Refusals.ComeBack);
}
