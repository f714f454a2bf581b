using System.Diagnostics;
using System.Text.Json;

namespace Holdfast.Tests.Fakes;

/// <summary>A request as a fake server received it.</summary>
public sealed class FakeRequest
{
    private readonly TaskCompletionSource<long> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeRequest(string head, byte[] body)
    {
        Head = head;
        Body = body;
        var line = head.AsSpan(0, head.IndexOf('\r'));
        var space = line.IndexOf(' ');
        Method = line[..space].ToString();
        Path = line[(space + 1)..line.LastIndexOf(' ')].ToString();
        if (body.Length > 0 && TryParse(body) is { } json)
        {
            IsStream = json.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
            WantsUsage = json.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;
            Choices = json.TryGetProperty("n", out var n) && n.TryGetInt32(out var number) ? number : 1;
            Model = json.TryGetProperty("model", out var model) ? model.ToString() : "";
        }
    }

    public string Method { get; }

    public string Path { get; }

    /// <summary>The head with its request line, as it came.</summary>
    public string Head { get; }

    public byte[] Body { get; }

    public bool IsStream { get; }

    public bool WantsUsage { get; }

    public int Choices { get; } = 1;

    public string Model { get; } = "";

    /// <summary>Stopwatch ticks at which the peer left before the answer was whole; never completes otherwise.</summary>
    public Task<long> Aborted => _aborted.Task;

    /// <summary>Completes when the fake has written all it meant to.</summary>
    public Task Answered => _answered.Task;

    internal void Abort() => _aborted.TrySetResult(Stopwatch.GetTimestamp());

    internal void Done() => _answered.TrySetResult();

    private static JsonElement? TryParse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // A broken body is a case that tests send on purpose.
            return null;
        }
    }
}
