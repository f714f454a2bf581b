using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Holdfast.Bench.Soak;

/// <summary>
/// Requests at a fixed rate, whether or not the ones before have ended: of ten, five do not stream, four stream to the end, one is a
/// stream whose client leaves in the middle. At the bound of open requests one is left out and counted, so that this stops by itself.
/// </summary>
internal sealed class SoakLoad(int port, string key, int perSecond) : IDisposable
{
    private const int TicksPerSecond = 50;
    private const int OpenMax = 1_000;

    // Two or three frames of twenty.
    private const int AbortAfterBytes = 512;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly string _question = string.Concat(Enumerable.Repeat("why does the pump stop? ", 38));
    private long _open;

    public long Sent;
    public long Whole;
    public long Aborted;
    public long LeftOut;

    /// <summary>How often each kind of fault came: a status, an exception, an answer that ended early.</summary>
    public ConcurrentDictionary<string, int> FaultKinds { get; } = new();

    public long Faults => FaultKinds.Values.Sum();

    public async Task RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        List<Task> open = [];
        while (Stopwatch.GetElapsedTime(started) < length && await timer.WaitForNextTickAsync(cancellationToken))
        {
            // A late tick makes up for what it missed.
            var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond);
            while (Sent + LeftOut < due)
            {
                if (Interlocked.Read(ref _open) >= OpenMax)
                {
                    LeftOut++;
                    continue;
                }

                var number = Sent++;
                Interlocked.Increment(ref _open);
                open.Add(OneAsync(number % 10));
            }

            if (open.Count > 2 * OpenMax)
            {
                open.RemoveAll(static one => one.IsCompleted);
            }
        }

        await Task.WhenAll(open);
    }

    public void Dispose() => _http.Dispose();

    private async Task OneAsync(long kind)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            var isStream = kind >= 5;
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/chat/completions")
            {
                Content = new StringContent(
                    $$"""{"model":"fake-model","messages":[{"role":"user","content":"{{_question}}"}],"max_tokens":64,"stream":{{(isStream ? "true" : "false")}}}""",
                    Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(deadline.Token);
            if (kind == 9)
            {
                // Disposing a body that has not ended closes its connection.
                var read = await body.ReadAtLeastAsync(new byte[AbortAfterBytes], AbortAfterBytes, throwOnEndOfStream: false, deadline.Token);
                Count(read == AbortAfterBytes, ref Aborted, answer);
                return;
            }

            var text = await new StreamReader(body).ReadToEndAsync(deadline.Token);
            var isWhole = answer.IsSuccessStatusCode && (isStream ? text.Contains("data: [DONE]", StringComparison.Ordinal) : text.EndsWith('}'));
            Count(isWhole, ref Whole, answer);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            FaultKinds.AddOrUpdate(fault.GetType().Name, 1, static (_, before) => before + 1);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
    private void Count(bool isGood, ref long good, HttpResponseMessage answer)
    {
        if (isGood)
        {
            Interlocked.Increment(ref good);
        }
        else
        {
            FaultKinds.AddOrUpdate($"{(int)answer.StatusCode}, not whole", 1, static (_, before) => before + 1);
        }
    }
}
