using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;

namespace Holdfast.Tests.Dashboard;

internal static class HandbookStatus
{
    public static ServiceSnapshot Snapshot() => new()
    {
        At = HandbookRoom.Now,
        StartedAt = HandbookRoom.Now.AddHours(-31),
        Version = "0.1.0",
        DefaultModel = "extractive@handbook",
        BaseUrl = "http://127.0.0.1:8080/v1",
        InFlight = 9,
        InFlightMax = 64,
        ResidentBytes = 118L << 20,
        Memory =
        [
            new MemoryPart("passages", 41L << 20, 256L << 20, "memory.indexMiB"),
            new MemoryPart("trace queue", 1_300_000, 16L << 20, "memory.traceQueueMiB"),
            new MemoryPart("bodies", 27L << 20, 32L << 20, "memory.bodiesMiB"),
        ],
        Upstreams =
        [
            new UpstreamState("vllm-a", "http://10.0.0.11:8000/v1", IsReachable: true, 6, null, null),
            new UpstreamState("vllm-b", "http://10.0.0.12:8000/v1", IsReachable: false, 0, "connection refused", HandbookRoom.Now.AddMinutes(-4)),
        ],
        Collections = [new CollectionInfo("handbook", HandbookRoom.Now.AddHours(-30), 3, 2, 612, 412_000)],
        Models =
        [
            new ServedModel("extractive@handbook", ModelAbilities.Chat, null, "holdfast"),
            new ServedModel("llama-3.1-8b", ModelAbilities.Chat | ModelAbilities.Completions, 4096, "vllm-a"),
            new ServedModel("all-MiniLM-L6-v2", ModelAbilities.Embeddings, 256, "holdfast"),
        ],
        Traffic = [.. Enumerable.Range(0, 30).Select(Step)],
    };

    public static KvPoolSnapshot Pool()
    {
        var owners = new List<int>();
        foreach (var (owner, blocks) in new[] { (3, 90), (4, 60), (12, 120), (-2, 70), (3, 40), (8, 75), (9, 110), (4, 130), (-1, 329) })
        {
            owners.AddRange(Enumerable.Repeat(owner, blocks));
        }

        return new KvPoolSnapshot("llama-3.1-8b", 16, 2L << 20, owners, [.. new[] { 3, 4, 8, 9, 12 }.Select(number => new KvSequence(number, $"01JD8Q4M{number:D2}", 300 + (number * 31), number * 12, owners.Count(owner => owner == number)))], 2);
    }

    private static TrafficStep Step(int i)
    {
        var load = 20 + (i * 37 % 11) + (i is > 12 and < 22 ? 30 : 0);
        return i == 5
            ? new TrafficStep(HandbookRoom.Now.AddSeconds(-30 * (30 - i)), 0, 0, 0, null, null)
            : new TrafficStep(HandbookRoom.Now.AddSeconds(-30 * (30 - i)), load, i is > 14 and < 20 ? 7 + (i % 4) : 0, i == 17 ? 2 : 0, 180 + (load * 3.1), 260 + (load * 7.4));
    }
}
