namespace Holdfast.Gateway.Wire;

/// <summary>Puts <paramref name="Text"/> in the place of <paramref name="Length"/> bytes from <paramref name="Start"/>.</summary>
internal readonly record struct JsonEdit(int Start, int Length, byte[] Text);
