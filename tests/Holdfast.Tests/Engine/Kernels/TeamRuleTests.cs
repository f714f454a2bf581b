using CsCheck;
using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed class TeamRuleTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>A job of eight chunks that takes a millisecond together.</summary>
    private static void Together(TeamRule rule, double gain) => rule.RanTogether(8, 4, Millisecond * gain / 8, Millisecond * gain / 2, Millisecond);

    [Fact]
    public void A_pool_that_gains_stays_together() =>
        Gen.Double[TeamRule.GainToStay + .01, 16].Array[1, 500].Sample(gains =>
        {
            var rule = new TeamRule();
            foreach (var gain in gains)
            {
                Together(rule, gain);
                Assert.True(rule.IsTogether);
            }
        });

    [Fact]
    public void A_pool_that_loses_goes_alone_within_a_window_and_spends_little_on_trying()
    {
        Gen.Double[.1, TeamRule.GainToStay - .01].Sample(gain =>
        {
            var rule = new TeamRule();
            var (together, alone) = (0, 0);
            for (var i = 0; i < 10_000; i++)
            {
                if (rule.IsTogether)
                {
                    Together(rule, gain);
                    together++;
                }
                else
                {
                    rule.RanAlone(Millisecond);
                    alone++;
                }
            }

            Assert.InRange(together, TeamRule.Window / Millisecond, .035 * alone);
            Assert.Equal(TeamRule.PauseMax, rule.Pause);
        }, iter: 50);
    }

    [Fact]
    public void It_is_back_within_the_longest_pause_once_the_cores_are_free()
    {
        Gen.Select(Gen.Int[1, 5_000], Gen.Double[TeamRule.GainToReturn + .01, 8]).Sample((busyJobs, gain) =>
        {
            var rule = new TeamRule();
            for (var i = 0; i < busyJobs; i++)
            {
                Run(rule, .6);
            }

            for (var i = 0; i < (TeamRule.PauseMax + TeamRule.Window) / Millisecond + 1; i++)
            {
                Run(rule, gain);
            }

            Assert.True(rule.IsTogether);
        }, iter: 200);
    }

    [Fact]
    public void A_gain_between_the_two_limits_keeps_what_is()
    {
        const double between = (TeamRule.GainToStay + TeamRule.GainToReturn) / 2;
        var (stays, returns) = (new TeamRule(), new TeamRule());
        for (var i = 0; i < 20; i++)
        {
            Run(returns, .5);
        }

        Assert.False(returns.IsTogether);
        var together = 0;
        for (var i = 0; i < 5_000; i++)
        {
            Run(stays, between);
            Run(returns, between);
            Assert.True(stays.IsTogether);
            together += returns.IsTogether ? 1 : 0;
        }

        Assert.InRange(together, 1, 250);
    }

    [Fact]
    public void A_caller_that_is_preempted_does_not_make_the_others_look_quick()
    {
        var rule = new TeamRule();
        for (var i = 0; i < 10; i++)
        {
            // Five of these six milliseconds the caller did not run; alone it would have waited for them as well.
            rule.RanTogether(8, 4, 5 * Millisecond, 5.1 * Millisecond, 6 * Millisecond);
        }

        Assert.False(rule.IsTogether);
    }

    [Fact]
    public void A_job_that_the_others_ran_alone_says_nothing()
    {
        var rule = new TeamRule();
        for (var i = 0; i < 1_000; i++)
        {
            rule.RanTogether(8, 0, TimeSpan.Zero, TimeSpan.Zero, Millisecond);
        }

        Assert.True(rule.IsTogether);
    }

    private static void Run(TeamRule rule, double gain)
    {
        if (rule.IsTogether)
        {
            Together(rule, gain);
        }
        else
        {
            rule.RanAlone(Millisecond);
        }
    }
}
