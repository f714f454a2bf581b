using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Serving;
using Holdfast.Tests.Engine.Constraints;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>Thirty short texts of our own into three schemas, by the real small model: it need not understand them, but what it writes must hold.</summary>
public sealed class ExtractionTests
{
    [Fact]
    public async Task Thirty_texts_become_valid_objects_greedily_and_by_chance()
    {
        using var fixture = JsonDocument.Parse(await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "fixtures", "engine", "extraction.json"), TestContext.Current.CancellationToken));
        var (schemas, texts) = (fixture.RootElement.GetProperty("schemas"), fixture.RootElement.GetProperty("texts").EnumerateArray().ToList());
        var path = SharedFolder.Need("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        using var backend = EngineBackend.Load(path, new EngineOptions { KvMiB = 256 }, gate: null, TimeProvider.System);
        var (greedy, drawn) = (new ChatRequest { Messages = [], Temperature = 0 }, new ChatRequest { Messages = [], Temperature = 1, Choices = 3 });
        foreach (var way in new[] { greedy, drawn })
        {
            var answers = await Task.WhenAll(texts.Select((t, i) => TalkingModel.Parts(backend, Request(way, t, schemas.GetProperty(t.GetProperty("schema").GetString()!), i))));
            var right = 0;
            foreach (var (text, parts) in texts.Zip(answers))
            {
                var schema = schemas.GetProperty(text.GetProperty("schema").GetString()!);
                for (var choice = 0; choice < way.Choices; choice++)
                {
                    var own = parts.Where(p => p.Choice == choice).ToList();
                    var answer = JsonSerializer.Deserialize<JsonElement>(string.Concat(own.Select(p => p.Text)));
                    Assert.Equal("stop", Assert.Single(own, p => p.FinishReason is not null).FinishReason);
                    Assert.True(SlowValidator.IsValid(answer, schema, schema), $"{text} gave {answer}");
                    right += JsonElement.DeepEquals(answer, text.GetProperty("expected")) ? 1 : 0;
                }
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"temperature {way.Temperature}: all fields right in {right} of {texts.Count * way.Choices}");
        }
    }

    private static ChatRequest Request(ChatRequest way, JsonElement text, JsonElement schema, int seed)
    {
        var names = string.Join(", ", schema.GetProperty("required").EnumerateArray());
        return way with
        {
            Messages = TalkingModel.Chat($"Read the text and answer with a JSON object of {names}.\nText: {text.GetProperty("text").GetString()}").Messages,
            MaxTokens = 100,
            Seed = seed,
            ResponseFormat = TalkingModel.Format(schema.GetRawText()),
        };
    }
}
