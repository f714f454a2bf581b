using CsCheck;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Tests.Traffic.Retrying;

public sealed class RetryPolicyTests
{
    private static readonly RetryOptions Options = new();
    private static readonly RetryState Fresh = new(Attempts: 1, Replays: 0, HasContent: false, HasOtherReplica: true, TimeLeft: TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(AttemptFault.NotSent)]
    [InlineData(AttemptFault.NotTaken)]
    [InlineData(AttemptFault.DiedInFlight)]
    [InlineData(AttemptFault.StaleConnection)]
    public void A_fault_before_content_goes_to_another_replica(AttemptFault fault)
    {
        var verdict = Decide(fault, Fresh);
        Assert.Equal((true, false), (verdict.Retries, verdict.SameReplica));
        Assert.Equal(fault is AttemptFault.DiedInFlight or AttemptFault.StaleConnection, verdict.IsReplay);
    }

    [Fact]
    public void Nothing_is_sent_twice_after_content() => Assert.Equal("content has been sent", Decide(AttemptFault.NotSent, Fresh with { HasContent = true }).Reason);

    [Fact]
    public void A_final_answer_is_final() => Assert.Equal("the answer is final", Decide(AttemptFault.Final, Fresh).Reason);

    [Fact]
    public void What_a_dying_replica_held_is_replayed_once_but_a_refusal_after_it_may_still_move_on()
    {
        var replayed = Fresh with { Attempts = 2, Replays = 1 };
        Assert.Equal("a request is replayed once at most", Decide(AttemptFault.DiedInFlight, replayed).Reason);
        Assert.True(Decide(AttemptFault.NotTaken, replayed).Retries);
    }

    [Fact]
    public void Only_a_stale_connection_may_go_back_to_the_same_replica()
    {
        var alone = Fresh with { HasOtherReplica = false };
        Assert.Equal("no other replica", Decide(AttemptFault.NotSent, alone).Reason);
        Assert.Equal("no other replica", Decide(AttemptFault.DiedInFlight, alone).Reason);
        var verdict = Decide(AttemptFault.StaleConnection, alone);
        Assert.Equal((true, true, TimeSpan.Zero), (verdict.Retries, verdict.SameReplica, verdict.Delay));
    }

    [Fact]
    public void The_same_replica_is_not_tried_again_before_the_time_it_asked_for()
    {
        var verdict = new RetryPolicy(Options).Decide(AttemptFault.StaleConnection, TimeSpan.FromSeconds(7), Fresh with { HasOtherReplica = false }, Budget(10), 0.5);
        Assert.Equal(TimeSpan.FromSeconds(7), verdict.Delay);
        Assert.Equal("no time is left", new RetryPolicy(Options).Decide(AttemptFault.StaleConnection, TimeSpan.FromHours(7), Fresh with { HasOtherReplica = false }, Budget(10), 0.5).Reason);
    }

    [Fact]
    public void Attempts_and_the_budget_end_it()
    {
        Assert.Equal("3 attempts were made", Decide(AttemptFault.NotSent, Fresh with { Attempts = 3 }).Reason);
        var budget = new RetryBudget(Options);
        Assert.True(new RetryPolicy(Options).Decide(AttemptFault.NotSent, null, Fresh, budget, 0).Retries);
        Assert.Equal("the retry budget is spent", new RetryPolicy(Options).Decide(AttemptFault.NotSent, null, Fresh, budget, 0).Reason);
    }

    [Fact]
    public void The_delay_is_drawn_between_nothing_and_an_end_that_doubles_up_to_its_bound()
    {
        Gen.Select(Gen.Int[1, 9], Gen.Double[0, 0.999]).Sample((attempts, drawn) =>
        {
            var verdict = new RetryPolicy(Options with { AttemptsMax = 10 }).Decide(AttemptFault.NotTaken, null, Fresh with { Attempts = attempts }, Budget(10), drawn);
            var end = Math.Min(2000, 50 * Math.Pow(2, attempts - 1));
            return verdict.Retries && Math.Abs(verdict.Delay.TotalMilliseconds - (end * drawn)) < 0.01;
        });
    }

    [Fact]
    public void A_refusal_for_another_reason_costs_no_budget()
    {
        var budget = Budget(0);
        var before = budget.Saved;
        new RetryPolicy(Options).Decide(AttemptFault.NotSent, null, Fresh with { HasOtherReplica = false }, budget, 0);
        new RetryPolicy(Options).Decide(AttemptFault.Final, null, Fresh, budget, 0);
        Assert.Equal(before, budget.Saved);
    }

    [Fact]
    public void All_faults_of_the_options_are_told()
    {
        var faults = new RetryOptions { AttemptsMax = 0, BudgetShare = double.NaN, BudgetSavedMax = 0, DelayFirst = TimeSpan.FromHours(1), DelayMax = TimeSpan.FromMinutes(2) }.Faults("retry");
        Assert.Equal(5, faults.Count);
        Assert.Empty(new RetryOptions().Faults("retry"));
        Assert.Contains("retry.attemptsMax is 0; it must lie in 1 to 10", faults);
    }

    private static RetryBudget Budget(int requests)
    {
        var budget = new RetryBudget(Options);
        for (var i = 0; i < requests; i++)
        {
            budget.CountRequest();
        }

        return budget;
    }

    private static RetryVerdict Decide(AttemptFault fault, RetryState state) => new RetryPolicy(Options).Decide(fault, null, state, Budget(10), 0.5);
}
