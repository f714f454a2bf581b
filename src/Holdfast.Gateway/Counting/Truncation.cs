namespace Holdfast.Gateway.Counting;

/// <summary>An upstream read less of a prompt than was sent.</summary>
/// <param name="ExpectedTokens">What it would have reported for the whole prompt.</param>
/// <param name="ReportedTokens">What it did report.</param>
public sealed record Truncation(int ExpectedTokens, int ReportedTokens)
{
    public int MissingTokens => ExpectedTokens - ReportedTokens;
}
