namespace Holdfast.Gateway.Options;

/// <summary>The data folder: keys, records, uploaded files.</summary>
internal sealed record GatewayFolder(string Path);
