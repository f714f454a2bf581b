namespace Holdfast.Engine.Kernels;

/// <summary>Attention of one KV head for rows of one sequence: cuts them into tiles of up to eight. Scratch for each worker.</summary>
internal sealed unsafe class HeadAttention : IDisposable
{
    private readonly KvBlocks _kv;
    private readonly NativeBuffer[] _scores;

    public HeadAttention(KvBlocks kv, int workers, int tokensMax)
    {
        _kv = kv;
        _scores = new NativeBuffer[workers];
        for (var i = 0; i < workers; i++)
        {
            _scores[i] = NativeBuffer.OfFloats(Attention.ScratchFloats(tokensMax));
        }
    }

    /// <summary>
    /// Query head <paramref name="head"/> x <paramref name="groupHeads"/> + g of a token stands in its row of
    /// <paramref name="queries"/> from that number times the head size on; the result goes to the same place of
    /// <paramref name="outputs"/>.
    /// </summary>
    public void Run(
        int layer, int head, int groupHeads, HeadRows rows, ReadOnlySpan<int> blocks, FloatRows queries, Activations outputs, int worker)
    {
        var queryRows = stackalloc float*[AttentionTile.RowsMax];
        var outputRows = stackalloc float*[AttentionTile.RowsMax];
        var lengths = stackalloc int[AttentionTile.RowsMax];
        var all = rows.Tokens * groupHeads;
        fixed (int* table = blocks)
        {
            for (var first = 0; first < all; first += AttentionTile.RowsMax)
            {
                var count = Math.Min(AttentionTile.RowsMax, all - first);
                for (var r = 0; r < count; r++)
                {
                    var (token, g) = ((first + r) / groupHeads, (first + r) % groupHeads);
                    var place = (head * groupHeads + g) * _kv.HeadSize;
                    queryRows[r] = queries.Pointer(rows.First + token) + place;
                    outputRows[r] = outputs.Pointer(rows.First + token) + place;
                    lengths[r] = rows.IsCausal ? rows.Length - (rows.Tokens - 1 - token) : rows.Length;
                }

                var tile = new AttentionTile
                {
                    Rows = count,
                    Queries = queryRows,
                    Outputs = outputRows,
                    Lengths = lengths,
                    Head = _kv.Head(layer, head),
                    Blocks = table,
                    BlockStride = _kv.Stride,
                    HeadSize = _kv.HeadSize,
                };
                Attention.Run(_kv.Type, tile, _scores[worker].Floats);
                LoseRows(tile, blocks);
            }
        }
    }

    private void LoseRows(in AttentionTile tile, ReadOnlySpan<int> blocks)
    {
        for (var r = 0; r < tile.Rows; r++)
        {
            if (_kv.SeesLost(blocks, tile.Lengths[r]))
            {
                new Span<float>(tile.Outputs[r], tile.HeadSize).Fill(float.NaN);
            }
        }
    }

    public void Dispose()
    {
        foreach (var scores in _scores)
        {
            scores.Dispose();
        }
    }
}
