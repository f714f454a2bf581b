using CsCheck;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Tests.Traffic.Retrying;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Retries_never_exceed_one_and_the_share_of_the_requests_in_any_order()
    {
        Gen.Select(Gen.Int[0, 100], Gen.Bool.Array[0, 2000]).Sample((percent, steps) =>
        {
            var budget = new RetryBudget(new RetryOptions { BudgetShare = percent / 100.0 });
            int requests = 0, retries = 0;
            foreach (var isRequest in steps)
            {
                if (isRequest)
                {
                    budget.CountRequest();
                    requests++;
                }
                else if (budget.TryTake())
                {
                    retries++;
                }

                if (retries > 1 + (requests * percent / 100.0) + 1e-6)
                {
                    return false;
                }
            }

            return true;
        });
    }

    [Fact]
    public void Quiet_times_save_up_no_more_than_the_bound()
    {
        var budget = new RetryBudget(new RetryOptions { BudgetSavedMax = 5 });
        for (var i = 0; i < 10_000; i++)
        {
            budget.CountRequest();
        }

        var taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        Assert.Equal(5, taken);
    }

    [Fact]
    public void Ten_requests_pay_one_retry_exactly()
    {
        var budget = new RetryBudget(new RetryOptions());
        Assert.True(budget.TryTake());
        for (var i = 0; i < 10; i++)
        {
            Assert.False(budget.TryTake());
            budget.CountRequest();
        }

        Assert.True(budget.TryTake());
    }
}
