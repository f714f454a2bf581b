namespace Holdfast.Dashboard.Views;

/// <summary>One page in the navigation.</summary>
public sealed record NavEntry(string Address, string Name);
