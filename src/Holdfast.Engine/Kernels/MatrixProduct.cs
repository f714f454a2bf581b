using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// y = W x for several matrices with the same input, as one job of the pool. A chunk is a run of panels; every output row is
/// computed whole by one thread, so its bits do not depend on how many threads there are.
/// <para>
/// From <see cref="LongTokens"/> tokens on, panels are unpacked (<see cref="LongKernel"/>) a group at a time into a buffer of the
/// worker, once for all tokens of the run. The buffers are made at the start and are the only memory here.
/// </para>
/// </summary>
internal sealed unsafe class MatrixProduct : IDisposable
{
    /// <summary>Tokens from which on unpacking pays: below, it costs more than it saves.</summary>
    public const int LongTokens = 32;

    /// <summary>Chunks per thread: enough that a late thread costs little, few enough that claiming costs nothing.</summary>
    private const int ChunksPerThread = 4;

    /// <summary>Bytes of activations that shall stay in the second-level cache while panels go by.</summary>
    private const int ActivationCacheBytes = 256 << 10;

    private const int GroupPanelsMax = 16;

    /// <summary>Bytes of unpacked panels that go by together; one panel at least.</summary>
    private const int GroupBytes = 192 << 10;

    private readonly WorkerPool _pool;
    private readonly KernelSet _kernels;
    private readonly WorkerPool.ChunkBody _body;
    private readonly NativeBuffer[] _unpacked;
    private readonly int _columnsMax;
    private PackedMatrix[] _matrices = [];
    private Activations _x = null!;
    private float* _y;
    private long _stride;
    private int _tokens;
    private int _panels;
    private int _chunks;
    private bool _adds;

    public MatrixProduct(WorkerPool pool, KernelSet kernels, int columnsMax)
    {
        (_pool, _kernels, _columnsMax, _body) = (pool, kernels, columnsMax, Chunk);
        _unpacked = new NativeBuffer[pool.Threads];
        var panelBytes = (long)columnsMax / Activations.BlockLength * kernels.UnpackedBlockBytes;
        for (var i = 0; i < _unpacked.Length; i++)
        {
            _unpacked[i] = new NativeBuffer(Math.Max(GroupBytes, panelBytes));
        }
    }

    /// <summary>Bytes of the workers' buffers.</summary>
    public long Bytes => _unpacked.Sum(b => b.Bytes);

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

        // A multiple of the threads, of sizes that differ by one panel at most: a ninth chunk of two threads would leave one of them idle.
        _chunks = Math.Min(_panels, _pool.Threads * ChunksPerThread);
        _pool.Run(_chunks, _body);
    }

    public void Dispose()
    {
        foreach (var buffer in _unpacked)
        {
            buffer.Dispose();
        }
    }

    private void Chunk(int chunk, int worker)
    {
        var from = (int)((long)_panels * chunk / _chunks);
        var to = (int)((long)_panels * (chunk + 1) / _chunks);
        var first = 0;
        foreach (var matrix in _matrices)
        {
            var start = Math.Max(from, first);
            var end = Math.Min(to, first + matrix.Panels);
            if (start < end)
            {
                var y = _y + (long)first * Lanes.Width;
                if (_tokens >= LongTokens && _kernels.Long(matrix.Type) is { } kernel)
                {
                    Long(kernel, matrix, start - first, end - first, y, _unpacked[worker]);
                }
                else
                {
                    Direct(matrix, start - first, end - first, y);
                }
            }

            first += matrix.Panels;
        }
    }

    private void Direct(PackedMatrix matrix, int from, int to, float* y)
    {
        var (one, many) = (_kernels.One(matrix.Type), _kernels.Many(matrix.Type));
        var run = TokensTogether(matrix);
        for (var start = 0; start < _tokens; start += run)
        {
            for (var p = from; p < to; p++)
            {
                Tokens(one, many, matrix.Panel(p), !matrix.IsFloat, start, Math.Min(_tokens, start + run), y + p * Lanes.Width);
            }
        }
    }

    private void Long(LongKernel kernel, PackedMatrix matrix, int from, int to, float* y, NativeBuffer buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(matrix.Columns, _columnsMax, nameof(matrix));
        var panelBytes = matrix.Blocks * kernel.Unpacker.BlockBytes;
        var group = Math.Max(1, GroupBytes / panelBytes);
        Span<PanelView> panels = stackalloc PanelView[GroupPanelsMax];
        for (var p = from; p < to; p += panels.Length)
        {
            panels = panels[..Math.Min(Math.Min(group, GroupPanelsMax), to - p)];
            for (var i = 0; i < panels.Length; i++)
            {
                panels[i] = kernel.Unpacker.Unpack(matrix.Panel(p + i), buffer.Start + i * panelBytes);
            }

            var run = TokensTogether(matrix);
            for (var start = 0; start < _tokens; start += run)
            {
                for (var i = 0; i < panels.Length; i++)
                {
                    Tokens(kernel.Kernel, kernel.Kernel, panels[i], isQuantised: true, start, Math.Min(_tokens, start + run), y + (p + i) * Lanes.Width);
                }
            }
        }
    }

    /// <summary>As many tokens as stay in the second-level cache while panels go by.</summary>
    private static int TokensTogether(PackedMatrix matrix) =>
        Math.Max(1, ActivationCacheBytes / (matrix.Blocks * ActivationView.Step * 2)) * 2 * Activations.TileTokens;

    /// <summary>One panel with the tokens from <paramref name="t"/> to <paramref name="end"/>; the first is the first of a tile.</summary>
    private void Tokens(IPanelKernel one, IPanelKernel many, PanelView panel, bool isQuantised, int t, int end, float* y)
    {
        const int tile = Activations.TileTokens;
        var rest = isQuantised ? _x.Rest : null;
        if (rest is null)
        {
            for (; t + 2 * tile <= end; t += 2 * tile)
            {
                many.Eight(panel, Tile(_x, t, y, _adds), Tile(_x, t + tile, y, _adds), _stride);
            }
        }

        for (; t + tile <= end; t += tile)
        {
            if (rest is null)
            {
                many.Four(panel, Tile(_x, t, y, _adds), _stride);
            }
            else
            {
                many.Eight(panel, Tile(_x, t, y, _adds), Tile(rest, t, y, adds: true), _stride);
            }
        }

        if (end - t > 1 && many.IsTiled)
        {
            LastFew(many, panel, rest, t, end, y);
            return;
        }

        for (; t < end; t++)
        {
            Last(one, panel, rest, t, y);
        }
    }

    private void Last(IPanelKernel one, PanelView panel, Activations? rest, int t, float* y)
    {
        if (rest is null)
        {
            one.One(panel, Tile(_x, t, y, _adds));
        }
        else
        {
            one.Two(panel, Tile(_x, t, y, _adds), Tile(rest, t, y, adds: true));
        }
    }

    /// <summary>Two or three tokens are computed as a tile of four, whose other results nobody reads: cheaper than one by one.</summary>
    private void LastFew(IPanelKernel many, PanelView panel, Activations? rest, int t, int end, float* y)
    {
        var results = stackalloc float[Activations.TileTokens * Lanes.Width];
        for (var i = t; _adds && i < end; i++)
        {
            Vector512.Load(y + i * _stride).Store(results + (i - t) * Lanes.Width);
        }

        var first = new ProductTile(_x, t, results, _adds);
        if (rest is null)
        {
            many.Four(panel, first, Lanes.Width);
        }
        else
        {
            many.Eight(panel, first, new ProductTile(rest, t, results, adds: true), Lanes.Width);
        }

        for (; t < end; t++, results += Lanes.Width)
        {
            Vector512.Load(results).Store(y + t * _stride);
        }
    }

    private ProductTile Tile(Activations x, int token, float* y, bool adds) => new(x, token, y + token * _stride, adds);
}
