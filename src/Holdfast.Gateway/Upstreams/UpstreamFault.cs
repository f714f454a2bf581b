using Holdfast.Abstractions.Answering;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Upstreams;

/// <summary>How an attempt failed: what the client would see, and what that says about trying again.</summary>
internal sealed record UpstreamFault(AnswerFault Answer, AttemptFault Class)
{
    public static UpstreamFault Broken(string message, AttemptFault @class = AttemptFault.Final) => Of(502, "upstream_fault", message, @class);

    public static UpstreamFault Timeout(string message) => Of(504, "upstream_timeout", message, AttemptFault.Final);

    private static UpstreamFault Of(int status, string code, string message, AttemptFault @class) =>
        new(new AnswerFault { Status = status, Type = "upstream_error", Code = code, Message = message }, @class);
}
