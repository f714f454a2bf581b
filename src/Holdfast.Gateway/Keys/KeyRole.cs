namespace Holdfast.Gateway.Keys;

/// <summary>What a key opens.</summary>
public enum KeyRole
{
    /// <summary>All of <c>/v1</c>.</summary>
    Client,

    /// <summary>Everything.</summary>
    Admin,
}
