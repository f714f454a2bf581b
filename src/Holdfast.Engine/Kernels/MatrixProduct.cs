namespace Holdfast.Engine.Kernels;

/// <summary>
/// y = W x for several matrices with the same input, as one job of the pool. A chunk is a run of panels; every output row is
/// computed whole by one thread, so its bits do not depend on how many threads there are.
/// </summary>
internal sealed unsafe class MatrixProduct
{
    /// <summary>Chunks per thread: enough that a late thread costs little, few enough that claiming costs nothing.</summary>
    private const int ChunksPerThread = 4;

    /// <summary>Bytes of activations that shall stay in the second-level cache while panels go by.</summary>
    private const int ActivationCacheBytes = 256 << 10;

    private readonly WorkerPool _pool;
    private readonly KernelSet _kernels;
    private readonly WorkerPool.ChunkBody _body;
    private PackedMatrix[] _matrices = [];
    private Activations _x = null!;
    private float* _y;
    private long _stride;
    private int _tokens;
    private int _panels;
    private int _panelsPerChunk;
    private bool _adds;

    public MatrixProduct(WorkerPool pool, KernelSet kernels)
    {
        _pool = pool;
        _kernels = kernels;
        _body = Chunk;
    }

    /// <summary>
    /// Row r of the matrices, taken one after another, goes to element r of the token's row of y, or is added to what stands there.
    /// Rows of each matrix are counted with their padding.
    /// </summary>
    public void Run(PackedMatrix[] matrices, Activations x, int tokens, FloatRows y, bool adds)
    {
        (_matrices, _x, _tokens, _stride, _adds) = (matrices, x, tokens, y.Length, adds);
        _y = y.Pointer(0);
        _panels = 0;
        foreach (var matrix in matrices)
        {
            _panels += matrix.Panels;
        }

        _panelsPerChunk = Math.Max(1, _panels / (_pool.Threads * ChunksPerThread));
        _pool.Run((_panels + _panelsPerChunk - 1) / _panelsPerChunk, _body);
    }

    private void Chunk(int chunk, int worker)
    {
        var from = chunk * _panelsPerChunk;
        var to = Math.Min(_panels, from + _panelsPerChunk);
        var first = 0;
        foreach (var matrix in _matrices)
        {
            var start = Math.Max(from, first);
            var end = Math.Min(to, first + matrix.Panels);
            if (start < end)
            {
                Panels(matrix, start - first, end - first, _y + (long)first * Lanes.Width);
            }

            first += matrix.Panels;
        }
    }

    private void Panels(PackedMatrix matrix, int from, int to, float* y)
    {
        var single = _kernels.Single(matrix.Type);
        var many = _kernels.Many(matrix.Type);
        var rest = matrix.IsFloat ? null : _x.Rest;
        var tile = Math.Max(Activations.TileTokens, ActivationCacheBytes / matrix.Columns / Activations.TileTokens * Activations.TileTokens);
        for (var start = 0; start < _tokens; start += tile)
        {
            var end = Math.Min(_tokens, start + tile);
            for (var p = from; p < to; p++)
            {
                var panel = matrix.Panel(p);
                var t = start;
                for (; t + Activations.TileTokens <= end; t += Activations.TileTokens)
                {
                    var at = y + t * _stride + p * Lanes.Width;
                    many.Four(panel, _x, t, at, _stride, _adds);
                    if (rest is not null)
                    {
                        many.Four(panel, rest, t, at, _stride, adds: true);
                    }
                }

                for (; t < end; t++)
                {
                    var at = y + t * _stride + p * Lanes.Width;
                    single.One(panel, _x, t, at, _adds);
                    if (rest is not null)
                    {
                        single.One(panel, rest, t, at, adds: true);
                    }
                }
            }
        }
    }
}
