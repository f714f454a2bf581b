using Holdfast.Engine.Blocks;
using Holdfast.Engine.Scheduling;

namespace Holdfast.Tests.Engine.Scheduling;

public sealed class SchedulerTests
{
    private static readonly SchedulerOptions Small = new() { StepTokens = 32, RunningMax = 6, WaitingMax = 8, ProjectedTokensMax = 24 };

    [Fact]
    public void Ten_thousand_random_schedules_leak_nothing_and_finish_everything()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            try
            {
                RunRandomSchedule(new Random(seed));
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {seed}: {fault}");
            }
        }
    }

    [Fact]
    public void A_prompt_is_computed_in_chunks_beside_running_streams()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        var stream = Submitted(scheduler, 1, 5, 100);
        Step(scheduler);
        stream.Append(7);
        var prompt = Submitted(scheduler, 2, 100, 10);
        var plan = scheduler.Next().ToList();
        Assert.Equal([(stream, 1), (prompt, 31)], plan.Select(r => (r.Sequence, r.Tokens)));
        Assert.False(plan[1].ReachesEnd);
    }

    [Fact]
    public void A_second_prompt_with_the_same_beginning_computes_only_the_rest()
    {
        var scheduler = new Scheduler(Small with { StepTokens = 256 }, new BlockPool(64, 16));
        var first = Submitted(scheduler, 1, 60, 10);
        Step(scheduler);
        scheduler.End(first);
        var second = Submitted(scheduler, 2, 60, 10);
        var run = Assert.Single(scheduler.Next());
        Assert.Equal(48, run.Position);
        Assert.Equal(12, run.Tokens);
        Assert.Equal(48, second.CachedTokens);
        Assert.Equal((120, 48), (scheduler.CacheQueries, scheduler.CacheHits));
    }

    [Fact]
    public void Other_choices_of_a_request_wait_for_the_first_and_share_its_prompt()
    {
        var pool = new BlockPool(64, 16);
        var scheduler = new Scheduler(Small with { StepTokens = 256 }, pool);
        var first = Submitted(scheduler, 1, 64, 10);
        var second = new Sequence(2, Prompt(64), 10, 0, first);
        scheduler.Submit(second);
        Assert.Same(first, Assert.Single(Step(scheduler)).Sequence);
        first.Append(3);
        var plan = Step(scheduler);
        Assert.Equal([1, 16], plan.Select(r => r.Tokens));
        Assert.Equal(48, second.CachedTokens);
    }

    [Fact]
    public void What_could_never_fit_is_refused_before_it_waits() =>
        Assert.Equal(Submission.TooLarge, new Scheduler(Small, new BlockPool(4, 16)).Submit(new Sequence(1, Prompt(60), 5, 0, null)));

    [Fact]
    public void A_full_queue_refuses()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        for (var i = 0; i < Small.WaitingMax + Small.RunningMax; i++)
        {
            Assert.Equal(Submission.Queued, scheduler.Submit(new Sequence(i, Prompt(4), 5, 0, null)));
        }

        Assert.Equal(Submission.QueueFull, scheduler.Submit(new Sequence(99, Prompt(4), 5, 0, null)));
    }

    [Fact]
    public void A_lower_priority_number_is_admitted_first_and_preempted_last()
    {
        var pool = new BlockPool(4, 16);
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = 1 }, pool);
        var low = Submitted(scheduler, 1, 30, 30);
        var high = Submitted(scheduler, 2, 30, 30, priority: -5);
        Assert.Same(high, scheduler.Next()[0].Sequence);
        scheduler.Complete();
        while (low.Preemptions == 0)
        {
            Step(scheduler);
            foreach (var sequence in scheduler.Running.Where(s => s.ToDo == 0))
            {
                sequence.Append(1);
            }
        }

        Assert.Equal(0, high.Preemptions);
        Assert.Equal(SequenceState.Waiting, low.State);
        Assert.True(low.Tokens.Count >= 30);
    }

    [Fact]
    public void A_more_important_prompt_goes_before_the_rest_of_one_that_runs_and_an_equal_one_behind_it()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        var stream = Submitted(scheduler, 1, 5, 100);
        Step(scheduler);
        var running = Submitted(scheduler, 2, 200, 4, priority: 1);
        Step(scheduler);
        stream.Append(7);
        var equal = Submitted(scheduler, 3, 40, 4, priority: 1);
        var important = Submitted(scheduler, 4, 20, 4);
        // Sixteen of its tokens are found in the cache.
        Assert.Equal([(stream, 1), (important, 4), (running, 27)], Step(scheduler).Select(r => (r.Sequence, r.Tokens)));
        var second = Submitted(scheduler, 5, 90, 4, priority: -1);
        Assert.Equal([(second, 32)], Step(scheduler).Select(r => (r.Sequence, r.Tokens)));
        scheduler.End(second);
        while (running.ToDo > 0)
        {
            Assert.DoesNotContain(equal, Step(scheduler).Where(r => running.ToDo > 0).Select(r => r.Sequence));
        }

        Assert.Equal(0, scheduler.Preemptions);
    }

    [Fact]
    public void Equal_priorities_are_admitted_in_the_order_of_arrival()
    {
        var scheduler = new Scheduler(Small with { RunningMax = 2 }, new BlockPool(64, 16));
        Sequence[] all = [.. Enumerable.Range(0, 4).Select(i => Submitted(scheduler, i, 4, 4))];
        Assert.Equal(all[..2], Step(scheduler).Select(r => r.Sequence));
        scheduler.End(all[0]);
        scheduler.End(all[1]);
        Assert.Equal(all[2..], Step(scheduler).Select(r => r.Sequence));
    }

    [Fact]
    public void Nobody_is_admitted_beyond_the_projected_need_nor_overtakes_who_waits_for_room()
    {
        var scheduler = new Scheduler(Small with { StepTokens = 256 }, new BlockPool(6, 16));
        var running = Submitted(scheduler, 1, 40, 24);
        Step(scheduler);
        var large = Submitted(scheduler, 2, 40, 24);
        var small = Submitted(scheduler, 3, 4, 4);
        Assert.Empty(Step(scheduler));
        Assert.Equal([large, small], scheduler.Waiting);
        scheduler.End(running);
        Assert.Equal([large, small], Step(scheduler).Select(r => r.Sequence));
    }

    [Fact]
    public void Of_equals_the_last_admitted_gives_way_and_comes_back_before_those_that_came_later()
    {
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = 1, StepTokens = 256 }, new BlockPool(6, 16));
        Sequence[] all = [.. Enumerable.Range(0, 3).Select(i => Submitted(scheduler, i, 30, 40))];
        var later = Submitted(scheduler, 3, 30, 40);
        Until(scheduler, () => scheduler.Preemptions == 1);
        Assert.Equal([0, 0, 1], all.Select(s => s.Preemptions));
        Assert.Equal([all[2], later], scheduler.Waiting);
    }

    [Fact]
    public void A_preemption_before_or_behind_the_place_of_the_walk_costs_the_others_no_step()
    {
        // The unimportant one was admitted first and stands before the others; of those the first needs its room.
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = 1, StepTokens = 256 }, new BlockPool(6, 16));
        var low = Submitted(scheduler, 1, 30, 40, priority: 5);
        Step(scheduler);
        low.Append(1);
        Sequence[] others = [Submitted(scheduler, 2, 30, 40), Submitted(scheduler, 3, 20, 40)];
        var plan = Until(scheduler, () => scheduler.Preemptions == 1);
        Assert.Equal(1, low.Preemptions);
        Assert.Equal(others, plan.Select(r => r.Sequence));
    }

    [Fact]
    public void What_was_planned_for_a_preempted_sequence_goes_to_others_in_the_same_step()
    {
        // When the important stream needs its third block, the unimportant one has a token in the plan already.
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = 1 }, new BlockPool(6, 16));
        var low = Submitted(scheduler, 1, 33, 40, priority: 5);
        Step(scheduler);
        Step(scheduler);
        var stream = new Sequence(2, Prompt(31, family: 1), 40, 0, null);
        scheduler.Submit(stream);
        var jumping = new Sequence(3, Prompt(15, family: 2), 80, 0, null);
        scheduler.Submit(jumping);
        Step(scheduler);
        Step(scheduler);
        low.Append(1);
        stream.Append(1);
        stream.Append(1);
        for (var i = 0; i < 60; i++)
        {
            jumping.Append(1);
        }

        Assert.Equal([(stream, 2), (jumping, 30)], Step(scheduler).Select(r => (r.Sequence, r.Tokens)));
        Assert.Equal(1, low.Preemptions);
    }

    [Fact]
    public void No_more_run_than_may_even_when_nobody_has_anything_to_compute()
    {
        var scheduler = new Scheduler(Small with { RunningMax = 2 }, new BlockPool(64, 16));
        Sequence[] all = [.. Enumerable.Range(0, 3).Select(i => Submitted(scheduler, i, 4, 4))];
        Step(scheduler);
        Assert.Empty(Step(scheduler));
        Assert.Equal(all[..2], scheduler.Running);
    }

    [Fact]
    public void A_recomputation_counts_neither_as_a_query_nor_as_a_hit_of_the_cache()
    {
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = 1, StepTokens = 256 }, new BlockPool(4, 16));
        var first = Submitted(scheduler, 1, 30, 30);
        var second = new Sequence(2, Prompt(30, family: 1), 30, 0, null);
        scheduler.Submit(second);
        Until(scheduler, () => second.Preemptions == 1);
        scheduler.End(first);
        Step(scheduler);
        Assert.Equal(SequenceState.Running, second.State);
        Assert.Equal((60, 0), (scheduler.CacheQueries, scheduler.CacheHits));
    }

    [Fact]
    public void The_beginning_of_a_prompt_stays_in_the_cache_longest()
    {
        var pool = new BlockPool(5, 16);
        var scheduler = new Scheduler(Small with { StepTokens = 256 }, pool);
        scheduler.End(Ran(scheduler, Submitted(scheduler, 1, 64, 10)));
        var other = new Sequence(2, Prompt(40, family: 1), 1, 0, null);
        scheduler.Submit(other);
        scheduler.End(Ran(scheduler, other));
        var again = Submitted(scheduler, 3, 64, 10);
        Step(scheduler);
        Assert.Equal(32, again.CachedTokens);
    }

    [Fact]
    public void Tokens_that_were_put_in_together_are_computed_as_one_run()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        var sequence = Submitted(scheduler, 1, 5, 100);
        Step(scheduler);
        for (var i = 0; i < 9; i++)
        {
            sequence.Append(i);
        }

        var run = Assert.Single(Step(scheduler));
        Assert.Equal((5, 9, 1), (run.Position, run.Tokens, run.LogitRows));
        Assert.Equal(0, sequence.ToDo);
    }

    [Fact]
    public void Logits_between_are_computed_when_wanted_as_many_a_step_as_there_are_rows()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        var sequence = Submitted(scheduler, 1, 5, 100);
        Step(scheduler);
        for (var i = 0; i < 9; i++)
        {
            sequence.Append(i, keepsLogits: true);
        }

        Assert.Equal([(6, 6), (3, 3)], new[] { Step(scheduler), Step(scheduler) }.Select(p => (p.Single().Tokens, p.Single().LogitRows)));
    }

    [Fact]
    public void A_jump_holds_up_neither_the_streams_behind_it_nor_waits_for_a_prompt()
    {
        var scheduler = new Scheduler(Small, new BlockPool(64, 16));
        var prompt = Submitted(scheduler, 1, 5, 100);
        var jumping = Submitted(scheduler, 2, 5, 100);
        var stream = Submitted(scheduler, 3, 5, 100);
        Step(scheduler);
        stream.Append(1);
        for (var i = 0; i < 100; i++)
        {
            prompt.Append(i);
        }

        for (var i = 0; i < 32; i++)
        {
            jumping.Append(i);
        }

        Assert.Equal([(jumping, 31), (stream, 1)], Step(scheduler).Select(r => (r.Sequence, r.Tokens)));
    }

    [Fact]
    public void Cancelling_frees_the_blocks_in_the_same_step()
    {
        var pool = new BlockPool(16, 16);
        var scheduler = new Scheduler(Small, pool);
        var sequence = Submitted(scheduler, 1, 30, 30);
        scheduler.Next();
        scheduler.End(sequence);
        Assert.Equal(16, pool.Free);
        scheduler.Complete();
        Assert.Equal(16, pool.Free);
        Assert.Empty(scheduler.Next());
    }

    private static void RunRandomSchedule(Random random)
    {
        var pool = new BlockPool(random.Next(6, 24), 16);
        var stepTokens = random.Next(16, 64);
        var scheduler = new Scheduler(Small with { ProjectedTokensMax = random.Next(1, 40), StepTokens = stepTokens }, pool);
        var alive = new List<Sequence>();
        var memory = new ShadowMemory(pool.Blocks);
        var (submitted, ended, steps) = (0, 0, 0);
        while (submitted < 12 || alive.Count > 0)
        {
            Assert.True(++steps < 3000, "no progress");
            if (submitted < 12 && random.Next(3) == 0)
            {
                var leader = alive.Count > 0 && random.Next(4) == 0 ? alive[^1] : null;
                var prompt = leader is null ? Prompt(random.Next(1, 70), random.Next(2)) : [.. leader.Span(0, leader.PromptTokens)];
                var sequence = new Sequence(submitted++, prompt, random.Next(1, 40), random.Next(3), leader);
                if (scheduler.Submit(sequence) == Submission.Queued)
                {
                    alive.Add(sequence);
                }
                else
                {
                    ended++;
                }
            }

            var plan = scheduler.Next().ToList();
            CheckPlan(plan, pool, scheduler);
            Assert.True(plan.Sum(r => r.Tokens) <= stepTokens);
            plan.ForEach(memory.Compute);
            foreach (var run in plan)
            {
                // The logits of each token come once, in order, whatever was preempted or shared.
                Assert.Equal(Math.Max(0, run.Position + run.Tokens - run.Sequence.LogitsFrom), run.LogitRows);
                Assert.True(run.Position <= run.Sequence.LogitsFrom);
            }

            if (alive.Count > 0 && random.Next(15) == 0)
            {
                var gone = alive[random.Next(alive.Count)];
                scheduler.End(gone);
                alive.Remove(gone);
                ended++;
            }

            scheduler.Complete();
            foreach (var run in plan.Where(r => r.ReachesEnd && r.Sequence.State == SequenceState.Running))
            {
                Grow(run.Sequence, random);
                if (run.Sequence.GeneratedTokens == run.Sequence.NewTokensMax)
                {
                    scheduler.End(run.Sequence);
                    alive.Remove(run.Sequence);
                    ended++;
                }
            }
        }

        Assert.Equal(12, ended);
        Assert.Equal(pool.Blocks, pool.Free);
        Assert.False(scheduler.HasWork);
    }

    // A chosen token, and often some that a grammar puts behind it, with or without a wish for the logits between.
    private static void Grow(Sequence sequence, Random random)
    {
        Assert.Equal(sequence.Tokens.Count, sequence.LogitsFrom);
        sequence.Append(random.Next(3));
        var (jump, keepsLogits) = (random.Next(3) == 0 ? random.Next(1, 60) : 0, random.Next(2) == 0);
        for (var i = 0; i < jump && sequence.GeneratedTokens < sequence.NewTokensMax; i++)
        {
            sequence.Append(random.Next(3), keepsLogits);
        }
    }

    private static void CheckPlan(List<PlannedRun> plan, BlockPool pool, Scheduler scheduler)
    {
        Assert.Equal(pool.Blocks, pool.Free + pool.Held);
        Assert.Equal(plan.Count, plan.Select(r => r.Sequence).Distinct().Count());
        Assert.True(plan.Sum(r => r.LogitRows) <= Small.RunningMax);
        Assert.True(scheduler.Running.Count <= Small.RunningMax);
        var holders = new int[pool.Blocks];
        foreach (var sequence in scheduler.Running)
        {
            // Less than one block of waste for each sequence.
            var planned = plan.Where(r => r.Sequence == sequence).Sum(r => r.Tokens);
            Assert.True(sequence.Blocks.Count * 16 - (sequence.Computed + planned) < 16);
            Assert.True(sequence.Blocks.Count * 16 >= sequence.Computed + planned);
            foreach (var block in sequence.Blocks)
            {
                holders[block]++;
            }
        }

        Assert.All(Enumerable.Range(0, pool.Blocks), b => Assert.Equal(holders[b], pool.Holders(b)));
        Assert.All(scheduler.Waiting, w => Assert.Empty(w.Blocks));
    }

    private static Sequence Submitted(Scheduler scheduler, int number, int prompt, int newTokens, int priority = 0)
    {
        var sequence = new Sequence(number, Prompt(prompt), newTokens, priority, null);
        Assert.Equal(Submission.Queued, scheduler.Submit(sequence));
        return sequence;
    }

    private static List<PlannedRun> Step(Scheduler scheduler)
    {
        var plan = scheduler.Next().ToList();
        scheduler.Complete();
        return plan;
    }

    private static Sequence Ran(Scheduler scheduler, Sequence sequence)
    {
        Assert.Same(sequence, Assert.Single(Step(scheduler)).Sequence);
        return sequence;
    }

    /// <summary>Steps in which every sequence generates, until something happened; the last plan.</summary>
    private static List<PlannedRun> Until(Scheduler scheduler, Func<bool> hasHappened)
    {
        for (var i = 0; i < 1000; i++)
        {
            var plan = Step(scheduler);
            if (hasHappened())
            {
                return plan;
            }

            foreach (var sequence in scheduler.Running.Where(s => s.ToDo == 0))
            {
                sequence.Append(1);
            }
        }

        throw new InvalidOperationException("it did not happen in 1,000 steps");
    }

    private static int[] Prompt(int length, int family = 0) => [.. Enumerable.Range(0, length).Select(i => i + 1000 * family)];
}
