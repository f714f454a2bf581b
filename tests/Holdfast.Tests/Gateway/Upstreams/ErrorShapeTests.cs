using System.Text;
using System.Text.Json;
using CsCheck;
using Holdfast.Gateway.Upstreams;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Tests.Gateway.Upstreams;

public sealed class ErrorShapeTests
{
    [Theory]
    [InlineData(404, """{"error":{"message":"gone","type":"NotFoundError","param":"model","code":404}}""", 404, "gone", "NotFoundError", "upstream_refused", true)]
    [InlineData(400, """{"error":{"code":400,"message":"too long","type":"exceed_context_size_error","n_ctx":512}}""", 400, "too long", "exceed_context_size_error", "context_length_exceeded", false)]
    [InlineData(400, """{"error":"plain words"}""", 400, "plain words", "upstream_error", "upstream_refused", false)]
    [InlineData(404, """{"detail":"Not Found"}""", 404, "Not Found", "upstream_error", "upstream_refused", false)]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"bad"}]}""", 422, """[{"loc":["body"],"msg":"bad"}]""", "upstream_error", "upstream_refused", false)]
    [InlineData(404, "404 page not found", 404, "404 page not found", "upstream_error", "upstream_refused", false)]
    [InlineData(500, "", 500, "the upstream answered with status 500 and no text", "upstream_error", "upstream_fault", false)]
    [InlineData(400, """{"error":{"message":"{\"error\":{\"code\":400,\"message\":\"inner words\",\"type\":\"invalid_request_error\"}}","type":"outer","param":null,"code":null}}""", 400, "inner words", "invalid_request_error", "upstream_refused", false)]
    [InlineData(429, """{"message":"flat","type":"overloaded"}""", 429, "flat", "overloaded", "upstream_refused", false)]
    [InlineData(400, "[1,2]", 400, "[1,2]", "upstream_error", "upstream_refused", false)]
    [InlineData(302, "moved", 502, "the upstream answered with status 302", "upstream_error", "upstream_fault", false)]
    public void Each_shape_becomes_an_error_with_all_four_members_and_keeps_the_original(int status, string body, int seen, string message, string type, string code, bool isOwn)
    {
        var fault = UpstreamErrors.FromStatus(status, Encoding.UTF8.GetBytes(body), [], null).Answer;
        Assert.Equal((seen, message, type, code), (fault.Status, fault.Message, fault.Type, fault.Code));
        using var document = JsonDocument.Parse(fault.Body);
        var error = document.RootElement.GetProperty("error");
        foreach (var member in new[] { "message", "type", "param", "code" })
        {
            Assert.True(error.TryGetProperty(member, out _), member);
        }

        if (isOwn)
        {
            Assert.Equal(body, Encoding.UTF8.GetString(fault.Body.Span));
        }
        else
        {
            var original = error.GetProperty("upstream");
            Assert.Equal(body, original.ValueKind == JsonValueKind.String ? original.GetString() : original.GetRawText());
        }
    }

    [Fact]
    public void Whatever_an_upstream_says_becomes_one_line_of_json()
    {
        var words = Gen.OneOf("{", "}", "\"error\"", ":", "\"message\"", "\"x\"", ",", "null", "1", "\n", "\r\n", " ", "[", "]", "\"detail\"", "\"code\"", "\u00E9");
        words.Array[0, 20].Select(static parts => Encoding.UTF8.GetBytes(string.Concat(parts))).Sample(
            body =>
            {
                var fault = UpstreamErrors.FromStatus(400, body, [], null).Answer;
                using var document = JsonDocument.Parse(fault.Body);
                return document.RootElement.GetProperty("error").TryGetProperty("code", out _);
            },
            iter: 20_000);
    }

    [Fact]
    public void An_error_over_several_lines_fits_into_one_frame()
    {
        var fault = UpstreamErrors.FromBody("{\n \"error\": {\r\n \"message\": \"a\\nb\" }\n}\n"u8.ToArray()).Answer;
        Assert.Equal(-1, fault.Body.Span.IndexOfAny((byte)'\n', (byte)'\r'));
        Assert.Equal("a\nb", fault.Message);
    }

    [Theory]
    [InlineData(408, "{}", AttemptFault.NotTaken)]
    [InlineData(425, "{}", AttemptFault.NotTaken)]
    [InlineData(429, "{}", AttemptFault.NotTaken)]
    [InlineData(503, "{}", AttemptFault.NotTaken)]
    [InlineData(502, "{}", AttemptFault.DiedInFlight)]
    [InlineData(504, "{}", AttemptFault.DiedInFlight)]
    [InlineData(500, """{"error":{"message":"x","type":"InternalServerError","param":null,"code":500}}""", AttemptFault.DiedInFlight)]
    [InlineData(500, """{"error":{"message":"unexpected EOF","type":"api_error","param":null,"code":null}}""", AttemptFault.DiedInFlight)]
    [InlineData(500, """{"error":{"code":500,"message":"x","type":"server_error"}}""", AttemptFault.Final)]
    [InlineData(400, "{}", AttemptFault.Final)]
    [InlineData(401, "{}", AttemptFault.Final)]
    [InlineData(404, "{}", AttemptFault.Final)]
    [InlineData(413, "{}", AttemptFault.Final)]
    [InlineData(501, "{}", AttemptFault.Final)]
    public void The_status_and_the_type_say_whether_to_try_again(int status, string body, AttemptFault expected) =>
        Assert.Equal(expected, UpstreamErrors.FromStatus(status, Encoding.UTF8.GetBytes(body), [], null).Class);

    [Theory]
    [InlineData(null, "7", 7000)]
    [InlineData("1500", "7", 1500)]
    [InlineData(null, "1.5", 1500)]
    [InlineData(null, "Tue, 24 Nov 2026 12:00:30 GMT", 30_000)]
    [InlineData(null, "Tue, 24 Nov 2026 11:00:00 GMT", 0)]
    [InlineData(null, "999999999999", 86_400_000)]
    [InlineData(null, "soon", null)]
    [InlineData(null, "-3", null)]
    [InlineData(null, null, null)]
    public void The_wait_is_read_from_seconds_milliseconds_and_dates(string? milliseconds, string? secondsOrDate, int? expected)
    {
        var now = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected, (int?)UpstreamErrors.RetryAfter(milliseconds, secondsOrDate, now)?.TotalMilliseconds);
    }
}
