using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>The word for where a usage comes from, in traces and labels; <c>ToString</c> would make two strings a request.</summary>
internal static class UsageWords
{
    public static string Of(UsageSource source) => source switch
    {
        UsageSource.Provider => "provider",
        UsageSource.Counted => "counted",
        UsageSource.Estimated => "estimated",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "a usage of no known source"),
    };
}
