using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Measures the exact kernels on a small matrix of each quantised type that a model holds, for one token, for a few and for many, and
/// picks. They give the same bits, so the outcome of a timing can never change an answer. Once for a type and process; some
/// hundredths of a second each, most of which is compiling.
/// </summary>
internal static class KernelSelfTest
{
    private const int Columns = 1024;
    private const int Rows = 128;
    private const int Few = 16;
    private const int Many = 64;
    private const int Rounds = 4;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<TensorType, KernelChoice> Picked = [];

    public static KernelSet Pick(IReadOnlyList<TensorType> types, TimeProvider time)
    {
        lock (Gate)
        {
            using var pool = new WorkerPool(1);
            using var x = new Activations(Many, Columns);
            using var y = new FloatRows(Many, Rows);
            for (var t = 0; t < Many; t++)
            {
                x.Row(t).Fill(t + 1);
                x.Quantise(t);
            }

            foreach (var type in types.Where(t => !Picked.ContainsKey(t)))
            {
                using var matrix = new PackedMatrix(type, Rows, Columns);
                Picked[type] = Choose(matrix, tokens => Fastest(pool, matrix, x, tokens, y, time));
            }

            return KernelSet.Of(types, t => Picked[t]);
        }
    }

    private static KernelChoice Choose(PackedMatrix matrix, Func<int, KernelChoice> fastest)
    {
        if (matrix.IsFloat)
        {
            return new KernelChoice(PanelKernels.Candidates[0], PanelKernels.Candidates[0], Long: null);
        }

        return new KernelChoice(fastest(1).One, fastest(Few).Many, fastest(Many).Long);
    }

    /// <summary>The choice that is done first with so many tokens.</summary>
    private static KernelChoice Fastest(WorkerPool pool, PackedMatrix matrix, Activations x, int tokens, FloatRows y, TimeProvider time)
    {
        // A tie goes to the first: unpacked panels come last, because they need a buffer.
        var tiers = PanelKernels.Candidates;
        KernelChoice[] choices = [.. tiers.Select(t => new KernelChoice(t, t, Long: null)), .. HasLong(matrix, tokens) ? tiers.Select(KernelChoice.All) : []];
        var products = Array.ConvertAll(choices, c => new MatrixProduct(pool, KernelSet.Of([matrix.Type], _ => c), Columns));
        var least = new TimeSpan[choices.Length];
        Array.Fill(least, TimeSpan.MaxValue);
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < choices.Length; i++)
            {
                var start = time.GetTimestamp();
                for (var repeat = 0; repeat < Many / tokens; repeat++)
                {
                    products[i].Run([matrix], x, tokens, y, adds: false);
                }

                // Round 0 pays for compiling the kernel.
                var took = time.GetElapsedTime(start);
                least[i] = round > 0 && took < least[i] ? took : least[i];
            }
        }

        Array.ForEach(products, p => p.Dispose());
        return choices[Array.IndexOf(least, least.Min())];
    }

    private static bool HasLong(PackedMatrix matrix, int tokens) =>
        tokens >= MatrixProduct.LongTokens && PanelKernels.LongOf(matrix.Type, PanelKernels.Candidates[0]) is not null;
}
