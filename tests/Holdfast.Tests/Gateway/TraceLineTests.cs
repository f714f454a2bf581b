using System.Text;
using System.Text.Json;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Prompts;
using Holdfast.Gateway.Records;

namespace Holdfast.Tests.Gateway;

public sealed class TraceLineTests
{
    private const int BodyBytesMax = 200;

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Gen.String.Select(Encoding.UTF8.GetBytes),
        Gen.Byte.Array[0, 300],
        Gen.OneOf([.. new[] { "{\"a\":\"b\\n\"}", "sk-0123456789abcdef", "{\"api_key\": \"pl\u0001ain\"}", "tab\there \u007f \u2028 \ud83d\ude00", "Bearer abcdefghijkl", new string('ä', 150) }.Select(Gen.Const)]).Select(Encoding.UTF8.GetBytes));

    [Fact]
    public void A_line_says_what_the_trace_says_whatever_the_bytes_are()
    {
        using var writer = new TraceLineWriter(BodyBytesMax);
        Gen.Select(Bodies, Bodies, Bodies, Gen.Int[0, 15]).Sample(
            (received, sent, answered, parts) =>
            {
                var x = Exchange(received, sent, answered, parts);
                var line = JsonSerializer.Deserialize(writer.Write(x), RecordJson.Readable.TraceLine);
                Assert.Equal(7, line!.Sequence);
                Assert.Equal(Text(TraceBuilder.Trace(x, BodyBytesMax)), Text(line.Trace));
            },
            iter: 2_000,
            threads: 1);
    }

    private static string Text(RequestTrace trace) => JsonSerializer.Serialize(trace, RecordJson.Readable.RequestTrace);

    private static Exchange Exchange(byte[] received, byte[] sent, byte[] answered, int parts)
    {
        var x = new Exchange("01TEST0000000001", DateTimeOffset.UnixEpoch.AddDays(20_000), TimeProvider.System, "POST /v1/chat/completions")
        {
            Sequence = 7,
            KeyName = "up \"quoted\"",
            Status = 200,
            Received = received,
            ReceivedHeaders = [new("Authorization", "Bearer abcdefghijkl"), new("X-Ä\u00fc", "sk-0123456789abcdef"), new("Accept", "*/*")],
            AnswerHeaders = [new("Content-Type", "application/json")],
        };
        x.Answer.Max = 250;
        x.Answer.Add(answered);
        x.Begin();
        x.End("parse", "ok", (parts & 1) != 0 ? "with \"detail\"" : null);
        if ((parts & 2) != 0)
        {
            x.Attempts.Add(new AnswerAttempt { Url = "http://127.0.0.1/v1", Headers = [], Body = received, Reason = null });
            x.Attempts.Add(new AnswerAttempt { Url = "http://127.0.0.1/v1", Headers = [new("Content-Type", "application/json")], Body = sent, Reason = "it said sk-0123456789abcdef" });
            x.Edits.Add("model: a for b");
        }

        if ((parts & 4) != 0)
        {
            x.Usage = new TokenUsage(3, 2, (parts & 1) != 0 ? 1 : null, UsageSource.Estimated);
            x.Ttft = TimeSpan.FromMilliseconds(3);
            x.ClientRequestId = "from the client";
            x.Shortenings.Add(new TraceShortening("prompt", "fake", (parts & 2) != 0 ? 12 : null));
        }

        if ((parts & 8) != 0)
        {
            x.Prompt = new RenderedPrompt("answer-with-sources", "abc", "user", "a prompt with hf-0123456789abcdef");
            (x.PromptTokens, x.IsPromptExact) = (12, true);
            x.Query = "why?";
            x.Warnings.Add("prompt-truncated-upstream: read 3");
        }

        return x;
    }
}
