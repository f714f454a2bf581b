using CsCheck;
using Holdfast.Traffic.Admission;

namespace Holdfast.Tests.Traffic.Admission;

public sealed class InFlightLimitTests
{
    [Fact]
    public void Leases_out_and_places_free_are_the_bound_in_any_order()
    {
        Gen.Select(Gen.Int[1, 10], Gen.Int[-3, 20].Array[0, 200]).Sample((max, steps) =>
        {
            var limit = new InFlightLimit(max);
            List<InFlightLease> leases = [];
            foreach (var step in steps)
            {
                if (step < 0 && leases.Count > 0)
                {
                    // Twice on purpose: a lease is one place however often it is returned.
                    leases[0].Dispose();
                    leases[0].Dispose();
                    leases.RemoveAt(0);
                }
                else if (limit.TryTake() is { } lease)
                {
                    leases.Add(lease);
                }
                else if (leases.Count != max)
                {
                    return false;
                }

                if (limit.InFlight != leases.Count || limit.InFlight > max)
                {
                    return false;
                }
            }

            return true;
        });
    }

    [Fact]
    public async Task Many_at_once_never_exceed_the_bound_and_all_come_back()
    {
        var limit = new InFlightLimit(7);
        var over = 0;
        void TakeMany()
        {
            for (var i = 0; i < 20_000; i++)
            {
                using var lease = limit.TryTake();
                if (limit.InFlight > 7)
                {
                    Interlocked.Increment(ref over);
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TakeMany, TestContext.Current.CancellationToken)));
        Assert.Equal((0, 0), (over, limit.InFlight));
    }
}
