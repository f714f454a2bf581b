using System.Text.Json;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Gateway.Counting;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Counting;

public sealed class TruncationDetectorTests
{
    private static readonly O200kCounter Counter = new();

    [Fact]
    public void Nothing_is_said_of_the_first_24_requests_and_the_25th_cut_one_is_named()
    {
        var detector = new TruncationDetector();
        for (var i = 0; i < TruncationDetector.LearningRequests; i++)
        {
            Assert.Null(detector.Observe(Seen(1000, 5)));
        }

        var cut = detector.Observe(Seen(90_000, 5));
        Assert.NotNull(cut);
        Assert.Equal(5, cut.ReportedTokens);
        Assert.InRange(cut.MissingTokens, 80_000, 90_000);
    }

    [Fact]
    public void A_template_that_differs_is_not_a_cut_whatever_the_vocabulary()
    {
        // Offsets as seen (Ollama -21, a default system prompt +20, a long one +400); vocabularies from a little better than o200k to three times worse.
        Gen.Select(Gen.Int[-21, 400], Gen.Double[0.85, 3], Gen.Int[1, 3000].Array[100], Gen.Double[-0.08, 0.08].Array[100]).Sample(
            template =>
            {
                var detector = new TruncationDetector();
                for (var i = 0; i < 100; i++)
                {
                    var counted = template.Item3[i];
                    var reported = (int)Math.Max(1, (counted * template.Item2 * (1 + template.Item4[i])) + template.Item1);
                    if (detector.Observe(Seen(counted, reported)) is not null)
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 2000);
    }

    [Fact]
    public void A_prompt_cut_to_half_is_found_after_learning_even_when_a_quarter_of_the_lessons_were_cut_too()
    {
        Gen.Select(Gen.Int[-21, 100], Gen.Double[0.9, 2], Gen.Int[20, 3000].Array[24], Gen.Int[500, 20_000], Gen.Double[0.01, 0.5]).Sample(
            template =>
            {
                var detector = new TruncationDetector();
                for (var i = 0; i < 24; i++)
                {
                    var counted = i < 4 ? 20 + (i * 700) : template.Item3[i];
                    var whole = (int)Math.Max(1, (counted * template.Item2) + template.Item1);
                    Assert.Null(detector.Observe(Seen(counted, i % 4 == 3 && whole > 512 ? 258 : whole)));
                }

                var reported = (int)(((template.Item4 * template.Item2) + template.Item1) * template.Item5);
                return detector.Observe(Seen(template.Item4, Math.Max(1, reported))) is not null;
            },
            iter: 2000);
    }

    [Fact]
    public void An_exact_count_finds_a_cut_of_a_twentieth()
    {
        var detector = new TruncationDetector();
        for (var i = 0; i < 24; i++)
        {
            detector.Observe(Seen(1000 + i, 1013 + i, isExact: true));
        }

        Assert.Null(detector.Observe(Seen(4000, 4013, isExact: true)));
        Assert.Equal(new Truncation(4013, 3800), detector.Observe(Seen(4000, 3800, isExact: true)));
    }

    [Fact]
    public void Tools_and_media_teach_nothing_and_are_never_warned_of()
    {
        var detector = new TruncationDetector();
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(detector.Observe(Seen(1000, 5) with { HasToolsOrMedia = true }));
        }

        Assert.Null(detector.Observe(Seen(1000, 5)));
    }

    [Fact]
    public void Each_upstream_and_model_is_learnt_by_itself()
    {
        var detector = new TruncationDetector();
        for (var i = 0; i < 24; i++)
        {
            detector.Observe(Seen(1000, 1000));
        }

        Assert.Null(detector.Observe(Seen(1000, 5) with { Model = "other" }));
        Assert.Null(detector.Observe(Seen(1000, 5) with { Upstream = "other" }));
        Assert.NotNull(detector.Observe(Seen(1000, 5)));
    }

    [Fact]
    public void Recorded_prompts_that_Ollama_cut_are_found_and_the_same_prompts_at_other_engines_are_not()
    {
        foreach (var engine in new[] { "ollama", "vllm", "llama.cpp" })
        {
            var all = Directory.EnumerateFiles(Path.Combine(Recordings.Selection, engine), "*.txt").Order(StringComparer.Ordinal).SelectMany(RecordingReader.Read).ToList();
            var detector = new TruncationDetector();
            var lessons = all.Where(IsShortChat).ToList();
            Assert.NotEmpty(lessons);
            for (var i = 0; i < TruncationDetector.LearningRequests; i++)
            {
                Assert.Null(detector.Observe(Of(lessons[i % lessons.Count])));
            }

            var prompts = all.Where(static exchange => IsPlainChat(exchange) && !IsShortChat(exchange) && exchange.Name != "chat-truncate").ToList();
            Assert.NotEmpty(prompts);
            foreach (var prompt in prompts)
            {
                var found = detector.Observe(Of(prompt));
                Assert.True((found is not null) == (engine == "ollama" && IsLong(prompt)), $"{prompt}: {found}, seen {Of(prompt)}");
            }
        }
    }

    private static bool IsShortChat(RecordedExchange exchange) => IsPlainChat(exchange) && exchange.RequestBody.Length < 400 && exchange.Name != "chat-truncate";

    private static bool IsLong(RecordedExchange exchange) => Of(exchange).Counted.Tokens > 600;

    private static bool IsPlainChat(RecordedExchange exchange) =>
        exchange is { IsPost: true, Path: "/v1/chat/completions", Status: 200, IsEventStream: false } && exchange.Body.AsSpan().IndexOf("\"usage\""u8) > 0
        && exchange.RequestBody.AsSpan().IndexOf("\"tools\""u8) < 0 && exchange.RequestBody.AsSpan().IndexOf("image_url"u8) < 0;

    private static PromptSighting Of(RecordedExchange exchange)
    {
        using var asked = JsonDocument.Parse(exchange.RequestBody);
        using var answered = JsonDocument.Parse(exchange.Body);
        var messages = asked.RootElement.GetProperty("messages").EnumerateArray().Select(static message => new ChatMessage { Role = message.GetProperty("role").GetString()!, Text = message.GetProperty("content").ToString() });
        var request = new ChatRequest { Messages = [.. messages] };
        return Seen(Counter.CountPrompt("m", CallKind.Chat, request).Tokens, answered.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    private static PromptSighting Seen(int counted, int reported, bool isExact = false) =>
        new() { Upstream = "u", Model = "m", Counted = new TokenCount(counted, isExact), ReportedTokens = reported };
}
