using System.Text;
using CsCheck;
using Holdfast.Gateway.Sse;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Sse;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\n\n", "{\"a\":1}")]
    [InlineData("data:{\"a\":1}\n\n", "{\"a\":1}")]
    [InlineData("data:  two\n\n", " two")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData(": keep-alive\n\ndata: a\n\n:\n\n", "a")]
    [InlineData("event: message\nid: 7\nretry: 3\ndata: a\n\n", "a")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data\n\n", "")]
    [InlineData("data:\ndata\n\n", "\n")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("data: a", "a")]
    [InlineData("data: a\n", "a")]
    [InlineData("data: [DONE]", "[DONE]")]
    [InlineData("database: a\n\ndata: b\n\n", "b")]
    [InlineData("\0\0\n\ndata: a\0b\n\n", "a\0b")]
    [InlineData("\n\n\n", null)]
    [InlineData("", null)]
    public void Events_are_read_as_the_standard_says(string stream, string? events) =>
        Assert.Equal(events, Joined(InPieces(Encoding.UTF8.GetBytes(stream), [])));

    [Fact]
    public void An_event_named_error_says_so_and_the_next_one_does_not()
    {
        using var reader = new SseReader(1000);
        Fill(reader, "event: error\ndata: a\n\ndata: b\n\n"u8);
        Assert.Equal(SseRead.Event, reader.TryRead(out var first));
        Assert.Equal(SseRead.Event, reader.TryRead(out var second));
        Assert.Equal((true, false), (first.IsError, second.IsError));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_event_over_the_bound_is_found_out_without_holding_it(bool inManyLines)
    {
        using var reader = new SseReader(10_000);
        var piece = Encoding.UTF8.GetBytes(inManyLines ? "data: xxxxxxxxxxxxxxxxxxxxxxxx\n" : "data: xxxxxxxxxxxxxxxxxxxxxxxx");
        SseRead seen;
        var bytes = 0;
        do
        {
            Fill(reader, piece);
            bytes += piece.Length;
            seen = reader.TryRead(out _);
        }
        while (seen == SseRead.NeedsMore);

        Assert.Equal(SseRead.TooLong, seen);
        Assert.InRange(bytes, 10_000, 15_000);
    }

    [Fact]
    public void Any_bytes_cut_anywhere_are_read_as_the_slow_twin_reads_them()
    {
        var words = Gen.OneOf("data", "data:", "data: ", "event: error", ":", ": c", "id: 1", "\n", "\n", "\n\n", "\r\n", "\r", "\r\n\r\n", "{\"a\":1}", "[DONE]", "é漢😀", "\0", " ", "\uFEFF", "x");
        Gen.Select(words.Array[0, 40], Gen.Int[1, 7].Array[0, 30]).Sample(
            sample =>
            {
                var stream = Encoding.UTF8.GetBytes(string.Concat(sample.Item1));
                return Same(InPieces(stream, sample.Item2), SlowEvents.Read(stream));
            },
            iter: 20_000,
            print: sample => $"{string.Concat(sample.Item1).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)} cut {string.Join(',', sample.Item2)}");
    }

    [Theory]
    [InlineData("vllm", "chat-max1-stream")]
    [InlineData("llama.cpp", "chat-max1-stream")]
    [InlineData("ollama", "chat-max1-stream")]
    [InlineData("llm-d-inference-sim", "chat-max1-stream")]
    public void A_recorded_stream_cut_in_two_at_every_place_is_the_same(string engine, string name)
    {
        var stream = Assert.Single(RecordingReader.Read(Path.Combine(Recordings.Selection, engine, name + ".txt"))).Body;
        var events = SlowEvents.Read(stream);
        Assert.NotEmpty(events);
        for (var cut = 1; cut < stream.Length; cut++)
        {
            Assert.True(Same(InPieces(stream, [cut]), events), $"cut at {cut}");
        }
    }

    internal static List<byte[]> InPieces(byte[] stream, int[] pieces)
    {
        using var reader = new SseReader(int.MaxValue);
        List<byte[]> events = [];
        var at = 0;
        foreach (var piece in pieces.Append(stream.Length))
        {
            var length = Math.Min(piece, stream.Length - at);
            Fill(reader, stream.AsSpan(at, length));
            at += length;
            while (reader.TryRead(out var found) == SseRead.Event)
            {
                events.Add(found.Data.ToArray());
            }
        }

        if (reader.TryReadRest(out var rest))
        {
            events.Add(rest.Data.ToArray());
        }

        return events;
    }

    internal static bool Same(List<byte[]> one, List<byte[]> other) =>
        one.Count == other.Count && one.Zip(other).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static string? Joined(List<byte[]> events) => events.Count == 0 ? null : string.Join('|', events.Select(Encoding.UTF8.GetString));

    private static void Fill(SseReader reader, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var room = reader.Room().Span;
            var length = Math.Min(room.Length, bytes.Length);
            bytes[..length].CopyTo(room);
            reader.Filled(length);
            bytes = bytes[length..];
        }
    }
}
