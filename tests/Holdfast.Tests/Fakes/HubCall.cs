namespace Holdfast.Tests.Fakes;

/// <summary>A request as a <see cref="FakeHub"/> received it.</summary>
/// <param name="Request">Its head.</param>
/// <param name="IsStore">It came to the host where the bytes lie, not to the hub.</param>
public sealed record HubCall(FakeRequest Request, bool IsStore)
{
    /// <summary>The value of a header; null when it was not sent.</summary>
    public string? Header(string name) =>
        Request.Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
