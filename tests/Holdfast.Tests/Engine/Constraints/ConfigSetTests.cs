using CsCheck;
using Holdfast.Engine.Constraints;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class ConfigSetTests
{
    [Fact]
    public void A_set_holds_each_of_any_number_once_in_the_order_they_came()
    {
        var config = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[0, 3], (depth, a, b) => new Config(Nest(depth), 1, Phase.Text, a, b, (Int128)b << 70));
        var set = new ConfigSet();
        Gen.Select(config, config, config).Array[0, 400].Sample(triples =>
        {
            // The same set again: what it held before must not show.
            set.Clear();
            var twin = new List<Config>();
            foreach (var (first, second, third) in triples)
            {
                foreach (var one in new[] { first, second, third })
                {
                    set.Add(one);
                    if (!twin.Contains(one))
                    {
                        twin.Add(one);
                    }
                }
            }

            return set.Items.SequenceEqual(twin.ToArray());
        }, iter: 300, threads: 1);
    }

    // A frame of its own each time: they are compared by content.
    private static Frame? Nest(int depth) => depth == 0 ? null : new Frame(Nest(depth - 1), 7, depth);
}
