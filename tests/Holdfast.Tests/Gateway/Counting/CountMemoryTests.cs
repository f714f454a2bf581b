using CsCheck;
using Holdfast.Gateway.Counting;

namespace Holdfast.Tests.Gateway.Counting;

public sealed class CountMemoryTests
{
    private const int CharsMax = 4_000;

    private static string Text(int id, int length) => id.ToString("000", System.Globalization.CultureInfo.InvariantCulture).PadRight(length, 'x');

    [Fact]
    public void A_count_is_the_one_of_that_text_and_the_memory_keeps_its_bound()
    {
        Gen.Select(Gen.Int[0, 200], Gen.Int[64, 1_200]).Array[0, 400].Sample(
            texts =>
            {
                var memory = new CountMemory(CharsMax);
                foreach (var (id, length) in texts)
                {
                    var text = Text(id, length);
                    if (memory.TryFind(text, out var tokens))
                    {
                        Assert.Equal((id * 10_000) + length, tokens);
                    }

                    memory.Add(text, (id * 10_000) + length);
                    Assert.InRange(memory.Chars, 0, CharsMax * 2);
                }
            },
            iter: 200);
    }

    [Fact]
    public void A_text_that_is_used_stays_while_others_come_and_go()
    {
        var memory = new CountMemory(CharsMax);
        var used = Text(0, 500);
        memory.Add(used, 42);
        for (var id = 1; id < 100; id++)
        {
            memory.Add(Text(id, 500), id);
            Assert.True(memory.TryFind(used, out var tokens));
            Assert.Equal(42, tokens);
        }

        Assert.False(memory.TryFind(Text(1, 500), out _));
        memory.Add(Text(7, CharsMax), 7);
        Assert.False(memory.TryFind(Text(7, CharsMax), out _));
    }
}
