using CsCheck;
using Holdfast.Traffic.Routing;

namespace Holdfast.Tests.Traffic.Routing;

public sealed class ReplicaChoiceTests
{
    [Fact]
    public void The_least_loaded_that_does_not_rest_is_picked_as_the_slow_twin_says()
    {
        var replica = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], Gen.Bool).Select(static (load, cool, eligible) => new ReplicaLoad(load, TimeSpan.FromSeconds(cool), eligible));
        Gen.Select(replica.Array[0, 8], Gen.Int[0, 20], Gen.Int).Sample((replicas, second, turn) =>
        {
            var now = TimeSpan.FromSeconds(second);
            var picked = ReplicaChoice.Pick(replicas, now, turn);
            var eligible = replicas.Where(static each => each.IsEligible).ToList();
            if (eligible.Count == 0)
            {
                return picked == -1;
            }

            var awake = eligible.Where(each => each.CoolUntil <= now).ToList();
            return replicas[picked].IsEligible && (awake.Count > 0
                ? replicas[picked].CoolUntil <= now && replicas[picked].InFlight == awake.Min(static each => each.InFlight)
                : replicas[picked].CoolUntil == eligible.Min(static each => each.CoolUntil));
        });
    }

    [Fact]
    public void Equal_replicas_take_turns()
    {
        var replicas = new ReplicaLoad[4];
        Array.Fill(replicas, new ReplicaLoad(0, TimeSpan.Zero, true));
        Assert.Equal([0, 1, 2, 3, 0], Enumerable.Range(0, 5).Select(turn => ReplicaChoice.Pick(replicas, TimeSpan.Zero, turn)));
        Assert.InRange(ReplicaChoice.Pick(replicas, TimeSpan.Zero, int.MaxValue), 0, 3);
        Assert.InRange(ReplicaChoice.Pick(replicas, TimeSpan.Zero, int.MinValue), 0, 3);
    }

    [Fact]
    public void A_replica_rests_longer_with_each_fault_up_to_its_bound_and_an_answer_ends_it()
    {
        var health = new ReplicaHealth();
        List<double> rests = [];
        var now = TimeSpan.Zero;
        for (var i = 0; i < 10; i++)
        {
            health.Failed(now, null);
            rests.Add((health.CoolUntil - now).TotalSeconds);
            now = health.CoolUntil;
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30], rests);
        health.Answered();
        Assert.Equal((0, TimeSpan.Zero), (health.Faults, health.CoolUntil));
    }

    [Fact]
    public void A_rest_that_was_asked_for_is_kept_and_a_shorter_wish_does_not_end_it()
    {
        var health = new ReplicaHealth();
        health.Failed(TimeSpan.Zero, TimeSpan.FromSeconds(20));
        health.Failed(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(20), health.CoolUntil);
        health.Failed(TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(62), health.CoolUntil);
    }
}
