using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>Says where a body stops being JSON. Lines and columns count from 1, columns in characters.</summary>
internal static class JsonFaults
{
    /// <param name="body">The body.</param>
    /// <param name="fault">The parser's.</param>
    /// <param name="depthMax">The bound of its nesting, where a setting says it; else the parser's own.</param>
    public static AnswerFault Broken(ReadOnlySpan<byte> body, JsonException fault, int? depthMax = null)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return Refusals.BadRequest("invalid_json", "The body is empty; a JSON object is needed (line 1, column 1).");
        }

        if (body.StartsWith(Encoding.UTF8.Preamble))
        {
            return Refusals.BadRequest("invalid_json", "The body begins with a byte order mark; send it without (RFC 8259, section 8.1).");
        }

        var line = (int)(fault.LineNumber ?? 0);
        if (fault.Message.StartsWith("The maximum configured depth", StringComparison.Ordinal))
        {
            return Refusals.BadRequest("invalid_json", $"The body is nested more than {depthMax ?? 64} deep at line {line + 1}{(depthMax is null ? "" : " (gateway.limits.jsonDepthMax)")}.");
        }

        var start = LineStart(body, line);
        var bytes = Math.Min((int)(fault.BytePositionInLine ?? 0), body.Length - start);
        var column = Encoding.UTF8.GetCharCount(body.Slice(start, bytes)) + 1;
        return Refusals.BadRequest("invalid_json", $"The body is not JSON at line {line + 1}, column {column}: {Reason(fault)}");
    }

    /// <summary>What is wrong and where, for a text that is not the client's: lines and bytes count from 1.</summary>
    public static string Say(JsonException fault) => $"{Reason(fault)} (line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1})";

    // The parser's own message ends in zero-based numbers under its own names.
    private static string Reason(JsonException fault)
    {
        var cut = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut < 0 ? fault.Message : fault.Message[..cut];
    }

    public static AnswerFault NotUtf8(ReadOnlySpan<byte> body)
    {
        var good = GoodBytes(body);
        var line = body[..good].Count((byte)'\n') + 1;
        var start = body[..good].LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(body[start..good]) + 1;
        return Refusals.BadRequest("invalid_json", $"The body is not UTF-8: byte {body[good]:x2} at line {line}, column {column} (byte {good} of {body.Length}).");
    }

    /// <param name="body">The body.</param>
    /// <param name="at">Where the string begins that holds it.</param>
    public static AnswerFault HalfPair(ReadOnlySpan<byte> body, int at)
    {
        var line = body[..at].Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(body[(body[..at].LastIndexOf((byte)'\n') + 1)..at]) + 1;
        return Refusals.BadRequest("invalid_json", $"The string at line {line}, column {column} holds half of a surrogate pair (\\ud800 to \\udfff alone); no text can hold it.");
    }

    private static int GoodBytes(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (at < body.Length)
        {
            if (Rune.DecodeFromUtf8(body[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return at;
    }

    private static int LineStart(ReadOnlySpan<byte> body, int line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += body[start..].IndexOf((byte)'\n') + 1;
        }

        return start;
    }
}
