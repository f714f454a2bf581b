using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Exchanges;

namespace Holdfast.Gateway.Records;

/// <summary>
/// Exchanges in memory until the disk has them, up to a number of bytes: a trace can be read as soon as its answer ended. One that is
/// written is let go at once: kept on, each would be copied by the garbage collector on its way to old age. Guarded by <c>_gate</c>.
/// </summary>
internal sealed class RecentTraces(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Exchange> _order = new();
    private readonly Dictionary<string, LinkedListNode<Exchange>> _byId = [];
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>What an exchange weighs: its bodies, its passages, and its objects at about 2 kB.</summary>
    public static long Weigh(Exchange x)
    {
        var bytes = 2_048L + x.Received.Length + (x.Attempts.Count > 0 ? x.Attempts[^1].Body.Length : 0) + x.Answer.Kept.Length + (2L * (x.Prompt?.Text.Length ?? 0));
        if (x.Retrieved is { } found)
        {
            foreach (var passage in found.Passages)
            {
                bytes += 2L * passage.Text.Length;
            }
        }

        return bytes;
    }

    public void Add(Exchange x)
    {
        lock (_gate)
        {
            _byId[x.Id] = _order.AddLast(x);
            _bytes += Weigh(x);
            while (_bytes > bytesMax && _order.Count > 1)
            {
                DropLocked(_order.First!.Value);
            }
        }
    }

    /// <summary>Lets go of what can be read from the disk now.</summary>
    public void Forget(List<WaitingRecord> written)
    {
        lock (_gate)
        {
            foreach (var record in written)
            {
                // A trace whose content was dropped is nowhere else.
                if (record.Bytes > 0)
                {
                    DropLocked(record.Exchange);
                }
            }
        }
    }

    public Exchange? Find(string id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id)?.Value;
        }
    }

    public IReadOnlyList<TraceRow> List(int limit, string? before)
    {
        List<Exchange> all;
        lock (_gate)
        {
            all = [.. _order];
        }

        return [.. all
            .Where(x => before is null || string.CompareOrdinal(x.Id, before) < 0)
            .OrderByDescending(x => x.Id, StringComparer.Ordinal)
            .Take(limit)
            .Select(TraceBuilder.Row)];
    }

    private void DropLocked(Exchange x)
    {
        if (_byId.Remove(x.Id, out var node))
        {
            _order.Remove(node);
            _bytes -= Weigh(x);
        }
    }
}
