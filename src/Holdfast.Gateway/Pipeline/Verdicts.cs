using System.Globalization;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Pipeline;

/// <summary>What a stage that found no fault says of itself in the trace.</summary>
internal static class Verdicts
{
    public static string Of(string stage, Exchange x) => stage switch
    {
        "parse" => x.Backend?.Name is { } name ? "for " + name + Unused(x) : "ok",
        "retrieve" => Retrieved(x.Retrieved!),
        "render prompt" => $"{x.Prompt!.Template} {x.Prompt.Version.AsSpan(0, 12)}",
        "count tokens" => x.PromptTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens} {(x.IsPromptExact ? "exact" : "estimated")}") : "token numbers, not counted",
        "call" => x.Ttft is null ? "no content" : "first content",
        "settle" => x.Usage is { } usage ? string.Create(CultureInfo.InvariantCulture, $"{usage.PromptTokens} + {usage.CompletionTokens} {UsageWords.Of(usage.Source)}") : "not counted",
        _ => "ok",
    };

    // Extraction quotes documents: a system prompt cannot change what they say, and the trace says so.
    private static string Unused(Exchange x) =>
        ModelDirectory.IsExtractive(x.Backend!, x.Served!) && x.Request!.Messages.Any(message => message.Role is "system" or "developer") ? ", system prompt unused" : "";

    private static string Retrieved(SearchResult found) =>
        string.Create(CultureInfo.InvariantCulture, $"{found.Passages.Count} passages, answerable: {found.Answerable.Verdict.ToString().ToLowerInvariant()}");
}
