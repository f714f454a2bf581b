namespace Holdfast.EndToEnd;

/// <summary>The product with a real language model in the process.</summary>
public sealed class KvPageTests
{
    [Fact]
    public async Task Thirty_two_streams_get_the_text_that_each_gets_alone_and_the_map_of_blocks_moves()
    {
        var model = Checkout.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, "--model", model);

        var result = await NodeScript.RunForJsonAsync("engine.mjs", holdfast);

        Assert.Equal((32, 0, 0), (result.GetProperty("texts").GetInt32(), result.GetProperty("empty").GetInt32(), result.GetProperty("different").GetInt32()));
        Assert.Equal(0, result.GetProperty("heldIdle").GetInt32());
        Assert.InRange(result.GetProperty("sequences").GetInt32(), 8, 32);
        Assert.InRange(result.GetProperty("coloursEarly").GetInt32(), 2, 5);
        Assert.True(result.GetProperty("moved").GetBoolean());
        Assert.Equal(0, result.GetProperty("heldAfter").GetInt32());
        Assert.Matches("^([0-9,]+) of \\1 KV blocks can be given out", result.GetProperty("sentenceAfter").GetString());
    }
}
