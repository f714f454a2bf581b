using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Quantising;

namespace Holdfast.Tests.Engine.Kernels;

public sealed unsafe class PanelKernelTests
{
    private const int Rows = 48;
    private const int Columns = 512;
    private const int Tokens = 8;

    public static TheoryData<TensorType> Types => [.. TensorTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_exact_kernel_gives_the_bits_of_the_scalar_twin(TensorType type)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            using var matrix = Packed(type, Values(seed, Rows * Columns), out _);
            using var x = Inputs(seed + 100, extreme: seed == 5);
            var expected = Multiply(matrix, x, KernelTier.Scalar, tiled: false, adds: seed == 2);
            foreach (var tier in PanelKernels.Available)
            {
                Assert.Equal(expected, Multiply(matrix, x, tier, tiled: false, adds: seed == 2));
                Assert.Equal(expected, Multiply(matrix, x, tier, tiled: true, adds: seed == 2));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_scalar_twin_is_near_the_product_of_the_decoded_numbers(TensorType type)
    {
        var values = Values(3, Rows * Columns);
        using var matrix = Packed(type, values, out var bytes);
        using var x = Inputs(4, extreme: false);
        var result = Multiply(matrix, x, KernelTier.Scalar, tiled: false, adds: false);
        var decoded = new float[Rows * Columns];
        BlockCodecs.DecodeRow(type, bytes, decoded);
        for (var t = 0; t < Tokens; t++)
        {
            for (var r = 0; r < Rows; r++)
            {
                var (exact, size) = (0.0, 0.0);
                for (var k = 0; k < Columns; k++)
                {
                    exact += (double)decoded[r * Columns + k] * x.Row(t)[k];
                    size += Math.Abs((double)decoded[r * Columns + k] * x.Row(t)[k]);
                }

                Assert.Equal(exact, result[t * Rows + r], matrix.IsFloat ? 1e-6 * size : 1e-3 * size);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_row_gathered_from_the_panels_equals_the_decoded_row(TensorType type)
    {
        using var matrix = Packed(type, Values(9, Rows * Columns), out var bytes);
        var decoded = new float[Rows * Columns];
        BlockCodecs.DecodeRow(type, bytes, decoded);
        var row = new float[Columns];
        for (var r = 0; r < Rows; r++)
        {
            matrix.DecodeRow(r, row);
            Assert.Equal(decoded[(r * Columns)..((r + 1) * Columns)], row);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_number_of_threads_and_of_tokens_changes_no_bit(int threads)
    {
        using var matrix = Packed(TensorType.Q4_1, Values(5, Rows * Columns), out _);
        using var x = Inputs(6, extreme: false);
        var expected = Multiply(matrix, x, KernelTier.Scalar, tiled: false, adds: false);
        using var pool = new WorkerPool(threads);
        var product = new MatrixProduct(pool, KernelSet.Of(PanelKernels.Available[^1]));
        using var y = new FloatRows(Tokens, Rows);
        for (var tokens = 1; tokens <= Tokens; tokens++)
        {
            for (var repeat = 0; repeat < 50; repeat++)
            {
                y.Rows(0, Tokens).Clear();
                product.Run([matrix], x, tokens, y, adds: false);
                Assert.Equal(expected[..(tokens * Rows)], y.Rows(0, tokens).ToArray());
            }
        }
    }

    internal static PackedMatrix Packed(TensorType type, float[] values, out byte[] bytes)
    {
        bytes = BlockCodecs.Encode(type, values);
        var matrix = new PackedMatrix(type, values.Length / Columns, Columns);
        var rowBytes = (int)TensorTypes.RowBytes(type, Columns);
        for (var r = 0; r < matrix.Rows; r++)
        {
            matrix.PackRow(r, bytes.AsSpan(r * rowBytes, rowBytes));
        }

        return matrix;
    }

    private static float[] Values(int seed, int count)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(random.NextDouble() - .5) * (i % 64 == 0 ? 4 : 1);
        }

        return values;
    }

    private static Activations Inputs(int seed, bool extreme)
    {
        var x = new Activations(Tokens, Columns);
        var random = new Random(seed);
        for (var t = 0; t < Tokens; t++)
        {
            for (var k = 0; k < Columns; k++)
            {
                // All at the border: the largest sums that the integer dots can meet.
                x.Row(t)[k] = extreme ? (t % 2 == 0 ? 1 : -1) : (float)(random.NextDouble() - .5) * (t + 1);
            }

            x.Quantise(t);
        }

        return x;
    }

    private static float[] Multiply(PackedMatrix matrix, Activations x, KernelTier tier, bool tiled, bool adds)
    {
        var kernel = PanelKernels.Of(matrix.Type, tier);
        var y = Enumerable.Range(0, Tokens * Rows).Select(i => (float)i).ToArray();
        fixed (float* p = y)
        {
            for (var panel = 0; panel < matrix.Panels; panel++)
            {
                for (var t = 0; t < Tokens; t += tiled ? 4 : 1)
                {
                    if (tiled)
                    {
                        kernel.Four(matrix.Panel(panel), x, t, p + t * Rows + panel * 16, Rows, adds);
                    }
                    else
                    {
                        kernel.One(matrix.Panel(panel), x, t, p + t * Rows + panel * 16, adds);
                    }
                }
            }
        }

        return y;
    }
}
