using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Embedding;

/// <summary>
/// Runs packed batches: the tokens of several texts stand one after another without padding, the matrices see one long input, and
/// attention stays inside each text. One owner thread. A text's vector does not depend on what else is in the batch.
/// </summary>
internal sealed class BertRunner : IDisposable
{
    private const int TokensPerChunk = 8;

    private readonly BertWeights _weights;
    private readonly BertShape _shape;
    private readonly WorkerPool _pool;
    private readonly MatrixProduct _product;
    private readonly Activations _narrow;
    private readonly Activations _wide;
    private readonly FloatRows _x;
    private readonly FloatRows _inputs;
    private readonly FloatRows _hidden;
    private readonly KvBlocks _kv;
    private readonly HeadAttention _attention;
    private readonly int[] _ids;
    private readonly int[] _positions;
    private readonly int[] _starts;
    private readonly int[] _blocks;
    private readonly List<(int Start, int Length, int Block)> _texts = [];
    private BertLayer _layer = null!;
    private int _tokens;

    public BertRunner(BertWeights weights, WorkerPool pool, KernelSet kernels, int tokensMax, bool isFine = false)
    {
        (_weights, _shape, _pool) = (weights, weights.Shape, pool);
        TokensMax = Math.Max(tokensMax, _shape.TokensMax);
        _product = new MatrixProduct(pool, kernels, Math.Max(_shape.Width, _shape.HiddenWidth));
        _narrow = new Activations(TokensMax, _shape.Width, isFine);
        _wide = new Activations(TokensMax, _shape.HiddenWidth, isFine);
        _x = new FloatRows(TokensMax, _shape.Width);
        _inputs = new FloatRows(TokensMax, 3 * _shape.Width);
        _hidden = new FloatRows(TokensMax, _shape.HiddenWidth);

        // Each text starts a block of its own; the shortest has two tokens.
        var blocks = TokensMax / 2 + TokensMax / Attention.BlockTokens + 1;
        _blocks = [.. Enumerable.Range(0, blocks)];
        _kv = new KvBlocks(KvType.Half, layers: 1, blocks, _shape.Heads, _shape.HeadSize);
        _attention = new HeadAttention(_kv, pool.Threads, _shape.TokensMax);
        (_ids, _positions, _starts) = (new int[TokensMax], new int[TokensMax], new int[TokensMax]);
    }

    /// <summary>Tokens a batch may hold.</summary>
    public int TokensMax { get; }

    /// <summary>Runs texts of together at most <see cref="TokensMax"/> tokens and gives the last layer's rows to <paramref name="take"/>.</summary>
    public void Run(IReadOnlyList<int[]> texts, TakeText take)
    {
        Lay(texts);
        ForTokens(Embed);
        foreach (var layer in _weights.Layers)
        {
            _layer = layer;
            _product.Run(layer.Inputs, _narrow, _tokens, _inputs, adds: false);
            ForTokens(StoreKeys);
            _pool.Run(_texts.Count * _shape.Heads, Attend);
            ForTokens(_narrow.Quantise);
            _product.Run(layer.Output, _narrow, _tokens, _x, adds: true);
            ForTokens(AttentionNorm);
            _product.Run(layer.Up, _narrow, _tokens, _hidden, adds: false);
            ForTokens(Gelu);
            _product.Run(layer.Down, _wide, _tokens, _x, adds: true);
            ForTokens(OutputNorm);
        }

        for (var i = 0; i < _texts.Count; i++)
        {
            take(i, _x.Rows(_texts[i].Start, _texts[i].Length), _texts[i].Length);
        }
    }

    /// <summary>Gets the rows of one text: <paramref name="length"/> rows of the model's width.</summary>
    public delegate void TakeText(int text, ReadOnlySpan<float> rows, int length);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_product, _narrow, _wide, _x, _inputs, _hidden, _kv, _attention])
        {
            part.Dispose();
        }
    }

    private void Lay(IReadOnlyList<int[]> texts)
    {
        _texts.Clear();
        _tokens = 0;
        var block = 0;
        foreach (var ids in texts)
        {
            _texts.Add((_tokens, ids.Length, block));
            for (var i = 0; i < ids.Length; i++)
            {
                (_ids[_tokens], _positions[_tokens], _starts[_tokens]) = (ids[i], i, block);
                _tokens++;
            }

            block += (ids.Length + Attention.BlockTokens - 1) / Attention.BlockTokens;
        }
    }

    private void ForTokens(Action<int> one) =>
        _pool.Run((_tokens + TokensPerChunk - 1) / TokensPerChunk, (chunk, _) =>
        {
            for (var t = chunk * TokensPerChunk; t < Math.Min(_tokens, (chunk + 1) * TokensPerChunk); t++)
            {
                one(t);
            }
        });

    private void Embed(int token)
    {
        var x = _x[token];
        _weights.Tokens.DecodeRow(_ids[token], x);
        RowMath.Add(x, _weights.Positions.AsFloats.Slice(_positions[token] * _shape.Width, _shape.Width));
        RowMath.Add(x, _weights.TokenTypes.AsFloats[.._shape.Width]);
        Norm(token, _weights.Norm, _weights.NormBias);
    }

    private void Norm(int token, NativeBuffer weight, NativeBuffer bias)
    {
        var x = _x[token];
        RowMath.LayerNorm(x, weight.AsFloats, bias.AsFloats, x, _shape.Epsilon);
        x.CopyTo(_narrow.Row(token));
        _narrow.Quantise(token);
    }

    private void AttentionNorm(int token)
    {
        RowMath.Add(_x[token], _layer.OutputBias.AsFloats);
        Norm(token, _layer.AttentionNorm, _layer.AttentionNormBias);
    }

    private void OutputNorm(int token)
    {
        RowMath.Add(_x[token], _layer.DownBias.AsFloats);
        Norm(token, _layer.OutputNorm, _layer.OutputNormBias);
    }

    private void Gelu(int token)
    {
        RowMath.Gelu(_hidden[token], _layer.UpBias.AsFloats, _wide.Row(token));
        _wide.Quantise(token);
    }

    private void StoreKeys(int token)
    {
        var (width, size) = (_shape.Width, _shape.HeadSize);
        var row = _inputs[token];
        for (var part = 0; part < 3; part++)
        {
            RowMath.Add(row.Slice(part * width, width), _layer.InputBiases[part].AsFloats);
        }

        var (block, slot) = (_starts[token] + _positions[token] / Attention.BlockTokens, _positions[token] % Attention.BlockTokens);
        for (var h = 0; h < _shape.Heads; h++)
        {
            _kv.Write(layer: 0, block, slot, h, row.Slice(width + h * size, size), row.Slice(2 * width + h * size, size));
        }
    }

    private void Attend(int task, int worker)
    {
        var (start, length, block) = _texts[task / _shape.Heads];
        var rows = new HeadRows(start, length, Length: length, IsCausal: false);
        _attention.Run(layer: 0, task % _shape.Heads, groupHeads: 1, rows, _blocks.AsSpan(block), _inputs, _narrow, worker);
    }
}
