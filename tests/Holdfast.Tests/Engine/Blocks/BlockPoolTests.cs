using Holdfast.Engine.Blocks;

namespace Holdfast.Tests.Engine.Blocks;

public sealed class BlockPoolTests
{
    private static readonly int[] Tokens = [1, 2, 3, 4];

    [Fact]
    public void A_released_block_is_found_by_its_content_until_its_place_is_needed()
    {
        var pool = new BlockPool(2, 4);
        var key = BlockKey.Root.Next(Tokens);
        Assert.True(pool.TryTake(out var first));
        pool.Publish(first, key, Tokens);
        pool.Release(first);
        Assert.Equal(2, pool.Free);
        Assert.True(pool.TryShare(key, Tokens, out var shared));
        Assert.Equal(first, shared);
        Assert.True(pool.TryShare(key, Tokens, out _));
        Assert.Equal(2, pool.Holders(first));
        pool.Release(first);
        pool.Release(first);
        Assert.True(pool.TryTake(out _));
        Assert.True(pool.TryTake(out _));
        Assert.Equal(1, pool.Evictions);
        Assert.False(pool.TryShare(key, Tokens, out _));
        Assert.False(pool.TryTake(out _));
    }

    [Fact]
    public void Unkeyed_blocks_are_given_away_before_cached_ones()
    {
        var pool = new BlockPool(3, 4);
        pool.TryTake(out var cached);
        pool.TryTake(out var plain);
        pool.TryTake(out var third);
        pool.Publish(cached, BlockKey.Root.Next(Tokens), Tokens);
        pool.Release(cached);
        pool.Release(plain);
        pool.TryTake(out var next);
        Assert.Equal(plain, next);
        Assert.NotEqual(third, next);
    }

    [Fact]
    public void A_key_with_other_tokens_is_no_hit()
    {
        var pool = new BlockPool(1, 4);
        pool.TryTake(out var block);
        pool.Publish(block, BlockKey.Root, Tokens);
        Assert.False(pool.TryShare(BlockKey.Root, [4, 3, 2, 1], out _));
    }

    [Fact]
    public void Keys_depend_on_every_token_and_on_all_before()
    {
        var keys = new HashSet<BlockKey>();
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(keys.Add(BlockKey.Root.Next([i, 0]).Next([0, 0])));
            Assert.True(keys.Add(BlockKey.Root.Next([0, i]).Next([1, 0])));
        }
    }

    [Fact]
    public void Releasing_what_nobody_holds_is_a_defect() =>
        Assert.Throws<InvalidOperationException>(() => new BlockPool(1, 4).Release(0));
}
