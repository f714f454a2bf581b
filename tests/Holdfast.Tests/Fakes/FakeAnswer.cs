using System.Diagnostics;
using System.Globalization;

namespace Holdfast.Tests.Fakes;

/// <summary>Writes the answer to one request in the words and the packing of a face.</summary>
internal sealed class FakeAnswer(FakeConnection connection, FakeFace face, string model, FakeRequest request, FakeScript script)
{
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

    private string Usage => FakeVoice.Usage(face, script.PromptTokens, script.Pieces);

    public async Task WriteAsync()
    {
        await script.BeforeHead.WaitAsync(connection.Stopping);
        switch (script.Fault)
        {
            case FakeFault.Status:
                await connection.WriteJsonAsync(script.Status, script.Body, script.Headers);
                break;
            case FakeFault.CloseBeforeHead:
                connection.Close();
                break;
            case FakeFault.StallBeforeHead:
                await StallAsync();
                break;
            case FakeFault.ErrorInside200:
                await connection.WriteJsonAsync(200, FakeVoice.ErrorFrame);
                break;
            default:
                await (request.IsStream ? WriteStreamAsync() : WriteWholeAsync());
                break;
        }
    }

    private async Task WriteWholeAsync()
    {
        if (script.Pace > TimeSpan.Zero)
        {
            await Task.Delay(script.Pace, connection.Stopping);
        }

        var text = new string('~', script.FillBytes) + string.Concat(Enumerable.Repeat(script.Piece, script.Pieces));
        var body = request.Path == "/v1/embeddings" ? FakeVoice.Embedding(model) : FakeVoice.Answer(face, model, text, Usage);
        switch (script.Fault)
        {
            case FakeFault.CutJson or FakeFault.Close or FakeFault.Reset or FakeFault.Stall:
                await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..(body.Length / 2)]}");
                await EndInTheMiddleAsync();
                break;
            case FakeFault.InvalidJson:
                await connection.WriteJsonAsync(200, body[..^2] + "]}");
                break;
            case FakeFault.WrongJson:
                await connection.WriteJsonAsync(200, """{"status":"ok"}""");
                break;
            default:
                await connection.WriteJsonAsync(200, body);
                break;
        }
    }

    private async Task WriteStreamAsync()
    {
        await connection.WriteAsync(StreamHead);
        await script.BeforeContent.WaitAsync(connection.Stopping);
        if (script.Fault == FakeFault.StallAfterHead)
        {
            await StallAsync();
            return;
        }

        if (script.Fault == FakeFault.ErrorFrameFirst)
        {
            await WriteErrorAsync();
            return;
        }

        // Ollama sends the role with the first token, the others in a frame of its own; llama.cpp's content is null there.
        if (face != FakeFace.Ollama)
        {
            await WriteEventAsync(FakeVoice.Frame(face, model, 0, face switch
            {
                FakeFace.Vllm => """{"role":"assistant","content":""}""",
                FakeFace.Llama => """{"role":"assistant","content":null}""",
                _ => """{"role":"assistant"}""",
            }));
        }

        for (var i = 0; i < script.Pieces; i++)
        {
            if (i == (script.Pieces + 1) / 2)
            {
                await script.BeforeHalf.WaitAsync(connection.Stopping);
                if (await FailedInTheMiddleAsync())
                {
                    return;
                }
            }

            await WritePieceAsync(i);
        }

        await WriteEndAsync();
    }

    private async Task WritePieceAsync(int number)
    {
        if (script.Pace > TimeSpan.Zero)
        {
            await Task.Delay(script.Pace, connection.Stopping);
        }

        var piece = script.StampsTime ? string.Create(CultureInfo.InvariantCulture, $" @{Stopwatch.GetTimestamp()}") : script.Piece;
        var text = FakeVoice.Text(number == 0 ? new string('~', script.FillBytes) + piece : piece);
        var delta = face == FakeFace.Ollama && number == 0 ? $$"""{"role":"assistant","content":{{text}}}""" : $$"""{"content":{{text}}}""";
        var isLast = number == script.Pieces - 1;
        var endsHere = isLast && face == FakeFace.Vllm && script.Fault is not (FakeFault.CleanEndWithoutFinish or FakeFault.DoneWithoutFinish);
        var usage = isLast && script.Fault == FakeFault.UsageWithChoices ? Usage : "";
        await WriteEventAsync(FakeVoice.Frame(face, model, 0, delta, endsHere ? "\"stop\"" : "null", usage));
    }

    private async Task<bool> FailedInTheMiddleAsync()
    {
        switch (script.Fault)
        {
            case FakeFault.Stall or FakeFault.Reset or FakeFault.Close:
                await EndInTheMiddleAsync();
                return true;
            case FakeFault.CutFrame:
                await connection.WriteChunkAsync("data: " + FakeVoice.Frame(face, model, 0, """{"content":" wo""")[..^4]);
                await connection.WriteAsync("0\r\n\r\n");
                return true;
            case FakeFault.ErrorFrame:
                await WriteErrorAsync();
                return true;
            case FakeFault.InvalidFrame:
                await connection.WriteChunkAsync("data: {\"choices\":[}\n\n");
                await connection.WriteChunkAsync("data: [DONE]\n\n");
                await connection.WriteAsync("0\r\n\r\n");
                return true;
            default:
                return false;
        }
    }

    private async Task EndInTheMiddleAsync()
    {
        switch (script.Fault)
        {
            case FakeFault.Stall:
                await StallAsync();
                break;
            case FakeFault.Reset:
                connection.Reset();
                break;
            default:
                connection.Close();
                break;
        }
    }

    private async Task WriteEndAsync()
    {
        List<string> events = [];
        if (script.Fault is not (FakeFault.CleanEndWithoutFinish or FakeFault.DoneWithoutFinish))
        {
            if (face != FakeFace.Vllm)
            {
                events.Add(FakeVoice.Frame(face, model, 0, "{}", "\"stop\""));
            }

            if (request.WantsUsage && script.Fault != FakeFault.UsageWithChoices)
            {
                events.Add(FakeVoice.UsageFrame(face, model, Usage));
            }
        }

        if (script.Fault is not (FakeFault.CleanEndWithoutFinish or FakeFault.NoDone or FakeFault.NoZeroChunk))
        {
            events.Add("[DONE]");
        }

        // llama.cpp packs its last events into one chunk; the others send one a chunk, in one write.
        var packed = events.ConvertAll(static data => $"data: {data}\n\n");
        foreach (var chunk in face == FakeFace.Llama && packed.Count > 0 ? [string.Concat(packed)] : packed)
        {
            await connection.WriteChunkAsync(chunk);
        }

        if (script.Fault == FakeFault.NoZeroChunk)
        {
            connection.Close();
            return;
        }

        await connection.WriteAsync("0\r\n\r\n");
        if (face == FakeFace.Llama)
        {
            // Recorded: it closes after each stream although its head promised to stay.
            connection.Close();
        }
    }

    private async Task WriteErrorAsync()
    {
        await WriteEventAsync(FakeVoice.ErrorFrame);
        await WriteEventAsync("[DONE]");
        await connection.WriteAsync("0\r\n\r\n");
    }

    private Task WriteEventAsync(string data) => connection.WriteChunkAsync($"data: {data}\n\n");

    private async Task StallAsync()
    {
        var never = new TaskCompletionSource();
        await Task.WhenAny(request.Aborted, never.Task.WaitAsync(connection.Stopping));
        connection.IsClosed = true;
    }
}
