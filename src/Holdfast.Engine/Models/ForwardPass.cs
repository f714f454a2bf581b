using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Models;

/// <summary>
/// Computes the logits of a step. Nothing in here depends on what else is in the batch: integer dots are exact, every sum has one
/// order, attention works row by row. So logits are the same bits whatever the batch, the chunks, the cache and the threads.
/// One owner thread; no allocation in <see cref="Run"/>.
/// </summary>
internal sealed class ForwardPass : IDisposable
{
    /// <summary>Rows of attention that one task takes: small, because later rows see more and cost more.</summary>
    private const int TokensPerTask = 8;

    private readonly ModelWeights _weights;
    private readonly ModelShape _shape;
    private readonly WorkerPool _pool;
    private readonly KvBlocks _kv;
    private readonly HeadAttention _attention;
    private readonly MatrixProduct _product;
    private readonly RopeAngles _angles;
    private readonly Activations _narrow;
    private readonly Activations _attended;
    private readonly Activations _wide;
    private readonly Activations _last;
    private readonly FloatRows _x;
    private readonly FloatRows _inputs;
    private readonly FloatRows _hidden;
    private readonly FloatRows _cos;
    private readonly FloatRows _sin;
    private readonly List<(int Run, HeadRows Rows)> _tasks = [];
    private readonly WorkerPool.ChunkBody _tokenChunk;
    private readonly WorkerPool.ChunkBody _attend;
    private readonly Action<int> _embed;
    private readonly Action<int> _attentionNorm;
    private readonly Action<int> _turn;
    private readonly Action<int> _quantiseAttended;
    private readonly Action<int> _hiddenNorm;
    private readonly Action<int> _activate;
    private Action<int> _one;
    private StepBatch _batch;
    private LayerWeights _layer;
    private int _layerIndex;
    private int _tokensPerChunk;

    public ForwardPass(ModelWeights weights, KvBlocks kv, WorkerPool pool, KernelSet kernels, ForwardLimits limits)
    {
        (_weights, _shape, _kv, _pool, Limits) = (weights, weights.Shape, kv, pool, limits);
        _product = new MatrixProduct(pool, kernels, Math.Max(Math.Max(_shape.Width, _shape.QueryWidth), _shape.HiddenWidth));
        _attention = new HeadAttention(kv, pool.Threads, limits.ContextTokens);
        _angles = new RopeAngles(_shape, weights.RopeFactors is { } factors ? factors.AsFloats : []);
        _narrow = new Activations(limits.Tokens, _shape.Width, limits.IsFine);
        _attended = new Activations(limits.Tokens, _shape.QueryWidth, limits.IsFine);
        _wide = new Activations(limits.Tokens, _shape.HiddenWidth, limits.IsFine);
        _last = new Activations(limits.LogitRows, _shape.Width, limits.IsFine);
        _x = new FloatRows(limits.Tokens, _shape.Width);
        _inputs = new FloatRows(limits.Tokens, weights.Layers[0].Inputs.Sum(m => m.RowsPadded));
        _hidden = new FloatRows(limits.Tokens, weights.Layers[0].GateUp.Sum(m => m.RowsPadded));
        _cos = new FloatRows(limits.Tokens, _shape.HeadSize / 2);
        _sin = new FloatRows(limits.Tokens, _shape.HeadSize / 2);
        Logits = new FloatRows(limits.LogitRows, weights.Head[0].RowsPadded);
        (_tokenChunk, _attend) = (TokenChunk, Attend);
        (_embed, _attentionNorm, _turn) = (Embed, AttentionNorm, Turn);
        (_quantiseAttended, _hiddenNorm, _activate) = (_attended.Quantise, HiddenNorm, Activate);
        (_one, _batch, _layer) = (_embed, new StepBatch(0, 0), weights.Layers[0]);
    }

    public ForwardLimits Limits { get; }

    /// <summary>The rows that the last step asked for. A row is longer than the vocabulary when that is no multiple of 16.</summary>
    public FloatRows Logits { get; }

    /// <summary>Bytes of all scratch memory, logits included.</summary>
    public long ScratchBytes => _product.Bytes + _narrow.Bytes + _attended.Bytes + _wide.Bytes + _last.Bytes + _x.Bytes + _inputs.Bytes + _hidden.Bytes + Logits.Bytes;

    public void Run(StepBatch batch)
    {
        _batch = batch;
        _tokensPerChunk = Math.Max(1, batch.Tokens / (_pool.Threads * 4));
        LayTasks();
        ForTokens(_embed);
        for (var i = 0; i < _weights.Layers.Length; i++)
        {
            (_layer, _layerIndex) = (_weights.Layers[i], i);
            ForTokens(_attentionNorm);
            _product.Run(_layer.Inputs, _narrow, batch.Tokens, _inputs, adds: false);
            ForTokens(_turn);
            _pool.Run(_tasks.Count * _shape.KvHeads, _attend);
            ForTokens(_quantiseAttended);
            _product.Run(_layer.Output, _attended, batch.Tokens, _x, adds: true);
            ForTokens(_hiddenNorm);
            _product.Run(_layer.GateUp, _narrow, batch.Tokens, _hidden, adds: false);
            ForTokens(_activate);
            _product.Run(_layer.Down, _wide, batch.Tokens, _x, adds: true);
        }

        for (var row = 0; row < batch.LogitRows; row++)
        {
            RowMath.RmsNorm(_x[batch.LogitToken(row)], _weights.Norm.AsFloats, _last.Row(row), _shape.Epsilon);
            _last.Quantise(row);
        }

        if (batch.LogitRows > 0)
        {
            _product.Run(_weights.Head, _last, batch.LogitRows, Logits, adds: false);
        }
    }

    public ReadOnlySpan<float> LogitsOf(int row) => Logits[row][.._shape.Vocabulary];

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_product, _attention, _narrow, _attended, _wide, _last, _x, _inputs, _hidden, _cos, _sin, Logits])
        {
            part.Dispose();
        }
    }

    private void LayTasks()
    {
        _tasks.Clear();
        for (var r = 0; r < _batch.Runs.Count; r++)
        {
            var run = _batch.Runs[r];
            for (var t = 0; t < run.Tokens; t += TokensPerTask)
            {
                var tokens = Math.Min(TokensPerTask, run.Tokens - t);
                _tasks.Add((r, new HeadRows(run.First + t, tokens, run.Position + t + tokens, IsCausal: true)));
            }
        }
    }

    private void ForTokens(Action<int> one)
    {
        _one = one;
        _pool.Run((_batch.Tokens + _tokensPerChunk - 1) / _tokensPerChunk, _tokenChunk);
    }

    private void TokenChunk(int chunk, int worker)
    {
        var end = Math.Min(_batch.Tokens, (chunk + 1) * _tokensPerChunk);
        for (var t = chunk * _tokensPerChunk; t < end; t++)
        {
            _one(t);
        }
    }

    private void Embed(int token)
    {
        _weights.Tokens.DecodeRow(_batch.Id(token), _x[token]);
        _angles.Fill(_batch.Position(token), _cos[token], _sin[token]);
    }

    private void AttentionNorm(int token)
    {
        RowMath.RmsNorm(_x[token], _layer.AttentionNorm.AsFloats, _narrow.Row(token), _shape.Epsilon);
        _narrow.Quantise(token);
    }

    private void HiddenNorm(int token)
    {
        RowMath.RmsNorm(_x[token], _layer.HiddenNorm.AsFloats, _narrow.Row(token), _shape.Epsilon);
        _narrow.Quantise(token);
    }

    private void Activate(int token)
    {
        var row = _hidden[token];
        RowMath.GatedSilu(row[.._shape.HiddenWidth], row.Slice(_layer.GateUp[0].RowsPadded, _shape.HiddenWidth), _wide.Row(token));
        _wide.Quantise(token);
    }

    /// <summary>Biases, head norms and rotation of a token's queries and keys; then its keys and values go into their block.</summary>
    private void Turn(int token)
    {
        var row = _inputs[token];
        var query = row[.._shape.QueryWidth];
        var key = row.Slice(_shape.QueryWidth, _shape.KvWidth);
        var value = row.Slice(_shape.QueryWidth + _shape.KvWidth, _shape.KvWidth);
        AddBias(query, _layer.InputBiases[0]);
        AddBias(key, _layer.InputBiases[1]);
        AddBias(value, _layer.InputBiases[2]);
        TurnHeads(token, query, _layer.QueryNorm);
        TurnHeads(token, key, _layer.KeyNorm);
        var run = _batch.RunOf(token);
        var position = _batch.Position(token);
        var (block, slot) = (run.Blocks[position / Attention.BlockTokens], position % Attention.BlockTokens);
        for (var h = 0; h < _shape.KvHeads; h++)
        {
            _kv.Write(_layerIndex, block, slot, h, key.Slice(h * _shape.HeadSize, _shape.HeadSize), value.Slice(h * _shape.HeadSize, _shape.HeadSize));
        }
    }

    private static void AddBias(Span<float> row, NativeBuffer? bias)
    {
        if (bias is not null)
        {
            RowMath.Add(row, bias.AsFloats);
        }
    }

    private void TurnHeads(int token, Span<float> heads, NativeBuffer? norm)
    {
        for (var h = 0; h < heads.Length; h += _shape.HeadSize)
        {
            var head = heads.Slice(h, _shape.HeadSize);
            if (norm is not null)
            {
                RowMath.RmsNorm(head, norm.AsFloats, head, _shape.Epsilon);
            }

            if (_shape.HasHalfRotation)
            {
                RowMath.RotateHalves(head, _cos[token], _sin[token]);
            }
            else
            {
                RowMath.RotatePairs(head, _cos[token], _sin[token]);
            }

            if (_kv.Type == KvType.Eight)
            {
                Hadamard.Turn(head);
            }
        }
    }

    private void Attend(int task, int worker)
    {
        var (run, rows) = _tasks[task / _shape.KvHeads];
        _attention.Run(_layerIndex, task % _shape.KvHeads, _shape.GroupHeads, rows, _batch.Runs[run].Blocks, _inputs, _attended, worker);
    }
}
