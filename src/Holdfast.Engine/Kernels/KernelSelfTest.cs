namespace Holdfast.Engine.Kernels;

/// <summary>
/// Measures the exact kernels on a small matrix of each quantised type, for one token and for many, and picks. They give the same
/// bits, so the outcome of a timing can never change an answer. Runs once for a process, in about a tenth of a second.
/// </summary>
internal static class KernelSelfTest
{
    private const int Columns = 1024;
    private const int Rows = 128;
    private const int Tokens = 32;
    private const int Rounds = 3;

    private static readonly Lock Gate = new();
    private static KernelSet? _picked;

    public static KernelSet Pick(TimeProvider time)
    {
        lock (Gate)
        {
            return _picked ??= Measure(time);
        }
    }

    private static KernelSet Measure(TimeProvider time)
    {
        KernelTier[] tiers = [.. PanelKernels.Available.Where(t => t != KernelTier.Scalar)];
        if (tiers.Length == 0)
        {
            return KernelSet.Of(KernelTier.Scalar);
        }

        using var x = new Activations(Tokens, Columns);
        for (var t = 0; t < Tokens; t++)
        {
            x.Row(t).Fill(t + 1);
            x.Quantise(t);
        }

        using var y = new FloatRows(Tokens, Rows);
        return KernelSet.Of(type =>
        {
            using var matrix = new PackedMatrix(type, Rows, Columns);
            return matrix.IsFloat
                ? (tiers[^1], tiers[^1])
                : (Fastest(tiers, matrix, x, y, 1, time), Fastest(tiers, matrix, x, y, Tokens, time));
        });
    }

    private static KernelTier Fastest(KernelTier[] tiers, PackedMatrix matrix, Activations x, FloatRows y, int tokens, TimeProvider time)
    {
        var (fastest, least) = (tiers[0], TimeSpan.MaxValue);
        foreach (var tier in tiers)
        {
            var kernel = PanelKernels.Of(matrix.Type, tier);
            for (var round = 0; round <= Rounds; round++)
            {
                var start = time.GetTimestamp();
                Run(kernel, matrix, x, y, tokens);
                var took = time.GetElapsedTime(start);

                // Round 0 pays for compiling the kernel.
                if (round > 0 && took < least)
                {
                    (fastest, least) = (tier, took);
                }
            }
        }

        return fastest;
    }

    private static unsafe void Run(IPanelKernel kernel, PackedMatrix matrix, Activations x, FloatRows y, int tokens)
    {
        for (var p = 0; p < matrix.Panels; p++)
        {
            if (tokens == 1)
            {
                kernel.One(matrix.Panel(p), x, 0, y.Pointer(0) + p * Lanes.Width, adds: false);
                continue;
            }

            for (var t = 0; t < tokens; t += Activations.TileTokens)
            {
                kernel.Four(matrix.Panel(p), x, t, y.Pointer(t) + p * Lanes.Width, y.Length, adds: false);
            }
        }
    }
}
