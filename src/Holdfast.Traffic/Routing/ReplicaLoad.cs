namespace Holdfast.Traffic.Routing;

/// <summary>A replica at the moment of a choice.</summary>
/// <param name="InFlight">Requests it holds.</param>
/// <param name="CoolUntil">It failed and rests until then; zero when it does not.</param>
/// <param name="IsEligible">False: this request may not go there (it serves another model, or was tried already).</param>
public readonly record struct ReplicaLoad(int InFlight, TimeSpan CoolUntil, bool IsEligible);
