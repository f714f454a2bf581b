namespace Holdfast.Ingesting;

/// <summary>A folder and the collection it is kept in. <paramref name="Root"/> is a full path.</summary>
internal sealed record KeptFolder(string Collection, string Root);
