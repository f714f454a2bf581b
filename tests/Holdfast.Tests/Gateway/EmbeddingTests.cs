using System.Runtime.InteropServices;
using Holdfast.Abstractions.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class EmbeddingTests
{
    private static Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(more: s => s.AddSingleton<IEmbedder, LengthEmbedder>());

    [Fact]
    public async Task Vectors_come_as_numbers_or_as_base64_with_usage()
    {
        await using var host = await StartAsync();
        var (head, body) = await host.PostAsync("/v1/embeddings", """{"model":"mini","input":["a b","c"]}""");
        Assert.Equal("mini", head.Headers.GetValues("x-holdfast-answered-by").Single());
        Assert.Equal([3f, .5f], body.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()));
        Assert.Equal(1, body.GetProperty("data")[1].GetProperty("index").GetInt32());
        Assert.Equal(3, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(3, (await host.TraceAsync(head)).GetProperty("usage").GetProperty("promptTokens").GetInt32());

        var metrics = await host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("holdfast_tokens_total{kind=\"prompt\",model=\"mini\",source=\"counted\"} 3", metrics, StringComparison.Ordinal);
        Assert.Contains("model=\"mini\",status=\"200\"", metrics, StringComparison.Ordinal);

        (_, body) = await host.PostAsync("/v1/embeddings", """{"model":"mini","input":"a b","encoding_format":"base64"}""");
        var bytes = body.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal([3f, .5f], MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Theory]
    [InlineData("""{"model":"mini","input":[1,2]}""", "unsupported_parameter", "input")]
    [InlineData("""{"model":"mini","input":"x","dimensions":1}""", "unsupported_parameter", "dimensions")]
    [InlineData("""{"model":"mini","input":"x","dimensions":1.5}""", "invalid_value", "dimensions")]
    [InlineData("""{"model":"mini","input":"x","dimensions":99999999999}""", "invalid_value", "dimensions")]
    [InlineData("""{"model":"mini","input":"x","truncate_prompt_tokens":5}""", "unsupported_parameter", "truncate_prompt_tokens")]
    [InlineData("""{"model":"mini","input":"x","normalize":false}""", "unsupported_parameter", "normalize")]
    [InlineData("""{"model":"mini","input":"x","embd_normalize":-1}""", "unsupported_parameter", "embd_normalize")]
    [InlineData("""{"model":"mini","input":"x","pooling":"cls"}""", "unsupported_parameter", "pooling")]
    [InlineData("""{"model":"mini","input":"x","instruction":"Represent the text"}""", "unsupported_parameter", "instruction")]
    [InlineData("""{"model":"mini","input":"x","add_special_tokens":false}""", "unsupported_parameter", "add_special_tokens")]
    [InlineData("""{"model":"mini","input":"x","encoding_format":"hex"}""", "invalid_value", "encoding_format")]
    [InlineData("""{"model":"mini","input":["x",""]}""", "invalid_value", "input")]
    [InlineData("""{"model":"mini","input":"a b c d e f g h i j"}""", "context_length_exceeded", "input")]
    public async Task What_the_encoder_cannot_do_is_refused_by_name(string json, string code, string param)
    {
        await using var host = await StartAsync();
        var (head, body) = await host.PostAsync("/v1/embeddings", json);
        Assert.Equal(400, (int)head.StatusCode);
        Assert.Equal((code, param), (body.GetProperty("error").GetProperty("code").GetString(), body.GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task What_the_encoder_does_anyway_may_be_asked_for()
    {
        await using var host = await StartAsync();
        var (head, _) = await host.PostAsync("/v1/embeddings", """{"model":"mini","input":"x","normalize":true,"embd_normalize":2,"pooling":null,"instruction":"","add_special_tokens":true}""");
        Assert.Equal(200, (int)head.StatusCode);
    }

    [Fact]
    public async Task A_text_that_was_not_counted_to_its_end_has_at_least_so_many_tokens()
    {
        await using var host = await StartAsync();
        var (_, body) = await host.PostAsync("/v1/embeddings", """{"model":"mini","input":["a","uncounted b c d e f g h i"]}""");
        Assert.StartsWith("Input 1 has at least 9 tokens; 'mini' holds 8.", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_encoder_is_404_with_the_known_ones()
    {
        await using var host = await StartAsync();
        var (head, body) = await host.PostAsync("/v1/embeddings", """{"model":"other","input":"x"}""");
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Contains("Known models: mini.", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private sealed class LengthEmbedder : IEmbedder
    {
        public string Model => "mini";

        public int Dimensions => 2;

        public int TokensMax => 8;

        public Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, bool allowsCut, CancellationToken cancellationToken)
        {
            var tokens = texts.Select(t => t.Split(' ').Length).ToList();
            Assert.False(allowsCut);
            return Task.FromResult(new EmbeddingBatch([.. texts.Select(t => new[] { (float)t.Length, .5f })], tokens, [.. tokens.Select(t => t > TokensMax)])
            {
                IsLeast = texts.Any(t => t.StartsWith("uncounted", StringComparison.Ordinal)),
            });
        }
    }
}
