using CsCheck;
using Holdfast.Traffic.Admission;

namespace Holdfast.Tests.Traffic.Admission;

public sealed class ByteLimitTests
{
    [Fact]
    public void Bytes_held_are_those_of_the_leases_and_never_pass_the_bound_in_any_order()
    {
        Gen.Select(Gen.Long[1, 100], Gen.Select(Gen.Int[0, 4], Gen.Long[-1, 60]).Array[0, 100]).Sample((max, steps) =>
        {
            var limit = new ByteLimit(max);
            var leases = Enumerable.Range(0, 5).Select(_ => limit.Open()).ToArray();
            var held = new long[5];
            foreach (var (who, bytes) in steps)
            {
                if (bytes < 0)
                {
                    // Twice on purpose: bytes come back once however often they are returned.
                    leases[who].Dispose();
                    leases[who].Dispose();
                    (leases[who], held[who]) = (limit.Open(), 0);
                    continue;
                }

                var fits = held.Sum() + bytes <= max;
                if (leases[who].TryGrow(bytes) != fits)
                {
                    return false;
                }

                held[who] += fits ? bytes : 0;
                if (limit.Held != held.Sum())
                {
                    return false;
                }
            }

            Array.ForEach(leases, lease => lease.Dispose());
            return limit.Held == 0;
        });
    }

    [Fact]
    public void A_returned_lease_takes_nothing_more()
    {
        var limit = new ByteLimit(10);
        var lease = limit.Open();
        lease.Dispose();
        Assert.Equal((false, 0), (lease.TryGrow(1), limit.Held));
    }

    [Fact]
    public async Task Many_at_once_never_pass_the_bound_and_all_bytes_come_back()
    {
        var limit = new ByteLimit(1_000);
        var over = 0;
        void TakeMany(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 5_000; i++)
            {
                using var lease = limit.Open();
                while (random.Next(4) > 0 && lease.TryGrow(random.Next(400)))
                {
                    over += limit.Held > 1_000 ? 1 : 0;
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => TakeMany(seed), TestContext.Current.CancellationToken)));
        Assert.Equal((0, 0), (over, limit.Held));
    }
}
