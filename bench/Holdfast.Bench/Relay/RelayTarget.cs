namespace Holdfast.Bench.Relay;

/// <summary>Something to send load to. <paramref name="ProcessId"/> 0: the upstream itself, whose cost is not asked for.</summary>
internal sealed record RelayTarget(string Name, int Port, int ProcessId);
