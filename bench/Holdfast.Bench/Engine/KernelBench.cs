using System.Globalization;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Quantising;

namespace Holdfast.Bench.Engine;

/// <summary>
/// Speed of each family of matrix kernels for each tensor type, in multiplications per second of processor time, one thread: the
/// load of the machine disturbs that far less than the wall clock. Best of some rounds; the families take turns.
/// </summary>
internal static class KernelBench
{
    /// <summary>One token, a batch of generating sequences, a chunk of a prompt.</summary>
    private static readonly int[] Phases = [1, 3, 8, 24, 32, 128];

    /// <summary>Tokens of a measurement; fewer when only one token is asked for, which is how main memory is measured.</summary>
    private static int[] _phases = Phases;

    /// <summary>Multiplications that one measurement lasts for.</summary>
    private const long Work = 400_000_000;

    public static int Run(string[] arguments)
    {
        int Option(string name, int value) => Array.Find(arguments, a => a.StartsWith(name + "=", StringComparison.Ordinal)) is { } given
            ? int.Parse(given[(name.Length + 1)..], CultureInfo.InvariantCulture) : value;
        var (rows, columns, rounds) = (Option("rows", 1024), Option("columns", 2048), Option("rounds", 5));
        _phases = [.. Phases.Where(p => p <= Option("tokens", int.MaxValue))];
        var names = arguments.Where(a => !a.Contains('=')).ToArray();
        if (Array.Find(names, n => !Enum.TryParse<TensorType>(n, out _)) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is no tensor type; they are {string.Join(", ", TensorTypes.All)}");
            Console.Error.WriteLine("usage: Holdfast.Bench kernels [TYPE...] [rows=N] [columns=N] [rounds=N] [tokens=MAX] [fine=1]");
            return 2;
        }

        Console.WriteLine($"{rows} x {columns}, GMAC per second of processor time, 1 thread, best of {rounds}; load {Load()}");
        Console.WriteLine($"{"type",-8}{"kernels",-10}" + string.Concat(_phases.Select(p => $"{p + " tokens",12}")));
        using var pool = new WorkerPool(1);
        foreach (var type in names.Length > 0 ? names.Select(Enum.Parse<TensorType>) : TensorTypes.All)
        {
            using var matrix = Matrix(type, rows, columns);
            Measure(pool, matrix, rounds, isFine: Option("fine", 0) != 0);
        }

        Console.WriteLine($"load {Load()}");
        return 0;
    }

    private static void Measure(WorkerPool pool, PackedMatrix matrix, int rounds, bool isFine)
    {
        using var x = Inputs(matrix.Columns, isFine);
        using var y = new FloatRows(_phases[^1], matrix.RowsPadded);
        KernelTier[] tiers = [.. PanelKernels.Available.Where(t => t != KernelTier.Scalar)];
        var products = Array.ConvertAll(tiers, t => new MatrixProduct(pool, KernelSet.Of([matrix.Type], _ => KernelChoice.All(t)), matrix.Columns));
        var best = new double[tiers.Length, _phases.Length];
        for (var round = 0; round <= rounds; round++)
        {
            for (var p = 0; p < _phases.Length; p++)
            {
                for (var t = 0; t < tiers.Length; t++)
                {
                    // The first round pays for compiling.
                    var speed = Speed(products[t], matrix, x, y, _phases[p], round == 0 ? Work / 10 : Work);
                    best[t, p] = Math.Max(best[t, p], round == 0 ? 0 : speed);
                }
            }
        }

        for (var t = 0; t < tiers.Length; t++)
        {
            Console.WriteLine($"{matrix.Type,-8}{tiers[t],-10}" + string.Concat(Enumerable.Range(0, _phases.Length).Select(p => $"{best[t, p],12:f1}")));
        }
    }

    private static double Speed(MatrixProduct product, PackedMatrix matrix, Activations x, FloatRows y, int tokens, long work)
    {
        var once = (long)matrix.Rows * matrix.Columns * tokens;
        var times = Math.Max(1, work / once);
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < times; i++)
        {
            product.Run([matrix], x, tokens, y, adds: false);
        }

        return once * times / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e9;
    }

    private static PackedMatrix Matrix(TensorType type, int rows, int columns)
    {
        var random = new Random(1);
        var values = new float[columns];
        var matrix = new PackedMatrix(type, rows, columns);
        for (var r = 0; r < Lanes.Width; r++)
        {
            Fill(values, random);
            var bytes = BlockCodecs.Encode(type, values);
            for (var row = r; row < rows; row += Lanes.Width)
            {
                matrix.PackRow(row, bytes);
            }
        }

        return matrix;
    }

    private static Activations Inputs(int columns, bool isFine)
    {
        var random = new Random(2);
        var x = new Activations(_phases[^1], columns, isFine);
        for (var t = 0; t < _phases[^1]; t++)
        {
            Fill(x.Row(t), random);
            x.Quantise(t);
        }

        return x;
    }

    private static void Fill(Span<float> values, Random random)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextDouble() - .5);
        }
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
