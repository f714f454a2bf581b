using Holdfast.Gateway.Exchanges;

namespace Holdfast.Gateway.Records;

/// <summary>A finished request on its way to the disk. <paramref name="Bytes"/> is what its content weighs; 0 when only the row goes.</summary>
internal readonly record struct WaitingRecord(Exchange Exchange, long Bytes);
