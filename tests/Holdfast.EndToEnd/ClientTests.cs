using System.Text.Json;

namespace Holdfast.EndToEnd;

/// <summary>What people hold in their hands: the OpenAI client of npm, and a browser.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task The_OpenAI_client_streams_an_answer_with_citations()
    {
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, Checkout.Handbook);

        var (code, output, errors) = await NodeScript.RunAsync("openai.mjs", new() { ["HOLDFAST_URL"] = $"http://127.0.0.1:{holdfast.Port}/v1", ["HOLDFAST_KEY"] = HoldfastProcess.Key }, "How do I restart the pump service?");

        Assert.True(code == 0, errors);
        var answer = JsonElement.Parse(output);
        var streamed = answer.GetProperty("streamed").GetString()!;
        Assert.Equal("extractive@handbook", answer.GetProperty("model").GetString());
        Assert.Equal(answer.GetProperty("whole").GetProperty("content").GetString(), streamed);
        Assert.InRange(answer.GetProperty("chunks").GetInt32(), 2, 100);
        Assert.Contains("pumpctl", streamed, StringComparison.Ordinal);
        Assert.NotEmpty(answer.GetProperty("annotations").EnumerateArray());
        foreach (var note in answer.GetProperty("annotations").EnumerateArray().Select(note => note.GetProperty("url_citation")))
        {
            Assert.InRange(note.GetProperty("end_index").GetInt32(), note.GetProperty("start_index").GetInt32() + 1, streamed.Length);
            using var page = await holdfast.Client.GetAsync(new Uri(note.GetProperty("url").GetString()!));
            Assert.True(page.IsSuccessStatusCode);
        }

        Assert.True(answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
        Assert.Equal("runbooks/pump.md", answer.GetProperty("found")[0].GetString());
        Assert.Equal((404, "model_not_found"), (answer.GetProperty("unknown").GetProperty("status").GetInt32(), answer.GetProperty("unknown").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task The_OpenAI_client_streams_a_generated_answer_with_citations()
    {
        var model = Checkout.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, Checkout.Handbook, "--model", model);

        var (code, output, errors) = await NodeScript.RunAsync("openai.mjs", new() { ["HOLDFAST_URL"] = $"http://127.0.0.1:{holdfast.Port}/v1", ["HOLDFAST_KEY"] = HoldfastProcess.Key }, "How long are traces kept?");

        Assert.True(code == 0, errors);
        var answer = JsonElement.Parse(output);
        var streamed = answer.GetProperty("streamed").GetString()!;
        Assert.EndsWith("@handbook", answer.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("extractive", answer.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.Equal(answer.GetProperty("whole").GetProperty("content").GetString(), streamed);
        Assert.Contains("30 days", streamed, StringComparison.Ordinal);
        var note = answer.GetProperty("annotations").EnumerateArray().First().GetProperty("url_citation");
        Assert.Contains("30 days", streamed[note.GetProperty("start_index").GetInt32()..note.GetProperty("end_index").GetInt32()], StringComparison.Ordinal);
        using var page = await holdfast.Client.GetAsync(new Uri(note.GetProperty("url").GetString()!));
        Assert.True(page.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_console_holds_in_a_browser()
    {
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, Checkout.Handbook);

        var (code, output, errors) = await NodeScript.RunAsync("console.mjs", new() { ["HOLDFAST_CONSOLE"] = $"http://127.0.0.1:{holdfast.Port}", ["HOLDFAST_KEY"] = HoldfastProcess.Key });

        Assert.True(code == 0, string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("ok ", StringComparison.Ordinal))) + errors);
    }
}
