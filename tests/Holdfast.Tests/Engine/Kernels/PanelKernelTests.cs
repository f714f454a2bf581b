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
            var expected = Twin(matrix, x, adds: seed == 2);
            foreach (var tier in PanelKernels.Available)
            {
                foreach (var kernel in Kernels(type, tier))
                {
                    for (var together = 1; together <= Tokens; together *= 2)
                    {
                        Assert.Equal(expected, Multiply(kernel, matrix, x, together, adds: seed == 2));
                    }
                }
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
        var result = Twin(matrix, x, adds: false);
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
        var expected = Twin(matrix, x, adds: false);
        using var pool = new WorkerPool(threads);
        using var product = new MatrixProduct(pool, KernelSet.Of(PanelKernels.Available[^1]), Columns);
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

    [Theory]
    [MemberData(nameof(Types))]
    public void A_long_run_of_tokens_gives_each_the_bits_that_it_gets_alone(TensorType type)
    {
        const int most = MatrixProduct.LongTokens + 9;
        using var matrix = Packed(type, Values(7, Rows * Columns), out _);
        using var pool = new WorkerPool(2);
        foreach (var isFine in new[] { false, true })
        {
            using var x = Inputs(8, extreme: false, most, isFine);
            foreach (var tier in PanelKernels.Available)
            {
                using var product = new MatrixProduct(pool, KernelSet.Of(tier), Columns);
                var expected = Enumerable.Range(0, most).SelectMany(t => Alone(matrix, x, t)).ToArray();
                foreach (var tokens in new[] { 1, 2, 3, 4, 7, 8, 13, MatrixProduct.LongTokens, most - 1, most })
                {
                    using var y = new FloatRows(tokens, Rows);
                    y.Rows(0, tokens).Fill(.25f);
                    product.Run([matrix], x, tokens, y, adds: true);
                    Assert.Equal(expected[..(tokens * Rows)], y.Rows(0, tokens).ToArray());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void An_input_that_is_not_finite_makes_no_finite_output_and_changes_no_other_token(TensorType type)
    {
        const int bad = 5;
        using var matrix = Packed(type, Values(11, Rows * Columns), out _);
        using var clean = Inputs(12, extreme: false);
        var expected = Twin(matrix, clean, adds: false);
        foreach (var value in new[] { float.NaN, BitConverter.Int32BitsToSingle(-1), float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (var place in new[] { 0, 17, Columns - 1 })
            {
                using var x = Inputs(12, extreme: false, isFine: true);
                x.Row(bad)[place] = value;
                x.Quantise(bad);
                foreach (var tier in PanelKernels.Available)
                {
                    foreach (var kernel in Kernels(type, tier))
                    {
                        for (var together = 1; together <= Tokens; together *= 2)
                        {
                            var result = Multiply(kernel, matrix, x, together, adds: false);
                            Assert.Equal(expected[..(bad * Rows)], result[..(bad * Rows)]);
                            Assert.Equal(expected[((bad + 1) * Rows)..], result[((bad + 1) * Rows)..]);
                            Assert.DoesNotContain(result[(bad * Rows)..((bad + 1) * Rows)], float.IsFinite);
                            if (!matrix.IsFloat)
                            {
                                Assert.DoesNotContain(Multiply(kernel, matrix, x.Rest!, together, adds: false)[(bad * Rows)..((bad + 1) * Rows)], float.IsFinite);
                            }
                        }
                    }
                }
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

    private static Activations Inputs(int seed, bool extreme, int tokens = Tokens, bool isFine = false)
    {
        var x = new Activations(tokens, Columns, isFine);
        var random = new Random(seed);
        for (var t = 0; t < tokens; t++)
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

    /// <summary>The kernel for packed panels, and the one that gets them unpacked.</summary>
    private static List<Func<PanelView, NativeBuffer, (PanelView, IPanelKernel)>> Kernels(TensorType type, KernelTier tier)
    {
        List<Func<PanelView, NativeBuffer, (PanelView, IPanelKernel)>> kernels = [(panel, _) => (panel, PanelKernels.Of(type, tier))];
        if (PanelKernels.LongOf(type, tier) is { } kernel)
        {
            kernels.Add((panel, buffer) => (kernel.Unpacker.Unpack(panel, buffer.Start), kernel.Kernel));
        }

        return kernels;
    }

    private static float[] Twin(PackedMatrix matrix, Activations x, bool adds) =>
        Multiply((panel, _) => (panel, PanelKernels.Of(matrix.Type, KernelTier.Scalar)), matrix, x, together: 1, adds);

    /// <summary>What one token's product adds to rows of .25, by the scalar twin.</summary>
    private static float[] Alone(PackedMatrix matrix, Activations x, int token)
    {
        var kernel = PanelKernels.Of(matrix.Type, KernelTier.Scalar);
        var y = new float[Rows];
        Array.Fill(y, .25f);
        fixed (float* p = y)
        {
            for (var panel = 0; panel < matrix.Panels; panel++)
            {
                kernel.One(matrix.Panel(panel), new ProductTile(x, token, p + panel * 16, adds: true));
                if (x.Rest is { } rest && !matrix.IsFloat)
                {
                    kernel.One(matrix.Panel(panel), new ProductTile(rest, token, p + panel * 16, adds: true));
                }
            }
        }

        return y;
    }

    private static float[] Multiply(Func<PanelView, NativeBuffer, (PanelView, IPanelKernel)> take, PackedMatrix matrix, Activations x, int together, bool adds)
    {
        var y = Enumerable.Range(0, Tokens * Rows).Select(i => (float)i).ToArray();
        using var buffer = new NativeBuffer(Columns / 32 * 1024);
        fixed (float* p = y)
        {
            for (var i = 0; i < matrix.Panels; i++)
            {
                var (panel, kernel) = take(matrix.Panel(i), buffer);
                for (var t = 0; t < Tokens; t += together)
                {
                    var first = new ProductTile(x, t, p + t * Rows + i * 16, adds);
                    var second = new ProductTile(x, t + together / 2, p + (t + together / 2) * Rows + i * 16, adds);
                    switch (together)
                    {
                        case 1: kernel.One(panel, first); break;
                        case 2: kernel.Two(panel, first, second); break;
                        case 4: kernel.Four(panel, first, Rows); break;
                        default: kernel.Eight(panel, first, second, Rows); break;
                    }
                }
            }
        }

        return y;
    }
}
