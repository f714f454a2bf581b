using CsCheck;
using Holdfast.Engine.Gguf;

namespace Holdfast.Tests.Engine.Gguf;

public sealed class GgufFileTests
{
    private static readonly (string Key, object Value)[] EveryType =
    [
        ("a.u8", (byte)250), ("a.i8", (sbyte)-5), ("a.u16", (ushort)65000), ("a.i16", (short)-30000), ("a.u32", 4_000_000_000u),
        ("a.i32", -7), ("a.f32", 1.5f), ("a.bool", true), ("a.text", "héllo \U0001F600"), ("a.u64", ulong.MaxValue), ("a.i64", long.MinValue),
        ("a.f64", Math.PI), ("b.u8", new byte[] { 1, 2 }), ("b.i8", new sbyte[] { -1, 2 }), ("b.u32", new uint[] { 9 }),
        ("b.i32", new[] { 3, -4 }), ("b.f32", new[] { .5f, -2f }), ("b.bool", new[] { true, false }), ("b.text", new[] { "x", "", "yz" }),
        ("b.u16", new ushort[] { 40000 }), ("b.i16", new short[] { -2 }), ("b.u64", new[] { 5UL }), ("b.i64", new[] { -5L }), ("b.f64", new[] { 2.25 }),
        ("b.nested", new object[] { new[] { 1, 2 }, new[] { "p" } }), ("b.none", Array.Empty<string>()),
    ];

    [Fact]
    public void Every_value_type_comes_back_as_it_was_written()
    {
        using var file = new TempFile(Sample().ToBytes());
        using var gguf = GgufFile.Open(file.Path);
        Assert.Equal(3, gguf.Version);
        foreach (var (key, value) in EveryType)
        {
            Assert.Equal(value, gguf.Metadata.Values[key]);
            Assert.Equal(value.GetType(), gguf.Metadata.Values[key].GetType());
        }
    }

    [Fact]
    public void Arrays_of_whole_numbers_are_read_in_any_width_and_never_rounded_or_cut()
    {
        using var file = new TempFile(Sample().Add("c.u32", new[] { 1u, 4_000_000_000u }).Add("c.i64", new[] { 1L << 40 }).Add("c.nan", new[] { float.NaN }).ToBytes());
        using var gguf = GgufFile.Open(file.Path);
        var metadata = gguf.Metadata;
        Assert.Equal([[1, 2], [-1, 2], [40000], [-2], [9], [3, -4], [5], [-5]], new[] { "b.u8", "b.i8", "b.u16", "b.i16", "b.u32", "b.i32", "b.u64", "b.i64" }.Select(key => metadata.Wholes(key)!));
        Assert.Null(metadata.Wholes("nothing"));
        Assert.EndsWith("c.u32[1] is 4000000000; it must fit 32 bits", Assert.Throws<ModelFileException>(() => metadata.Wholes("c.u32")).Message, StringComparison.Ordinal);
        Assert.EndsWith("c.i64[0] is 1099511627776; it must fit 32 bits", Assert.Throws<ModelFileException>(() => metadata.Wholes("c.i64")).Message, StringComparison.Ordinal);
        foreach (var key in new[] { "b.f32", "b.f64", "b.bool", "b.text", "b.nested", "c.nan", "a.u8", "a.text" })
        {
            Assert.EndsWith("it must be an array of whole numbers", Assert.Throws<ModelFileException>(() => metadata.Wholes(key)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tensors_come_back_byte_for_byte()
    {
        using var file = new TempFile(Sample().ToBytes());
        using var gguf = GgufFile.Open(file.Path);
        var tensor = gguf.Need("second");
        Assert.Equal(TensorType.Q8_0, tensor.Type);
        Assert.Equal(64, tensor.RowLength);
        Assert.Equal(3, tensor.Rows);
        Assert.Equal(Bytes(3 * 68), gguf.Read(tensor));
        var part = new byte[10];
        gguf.Read(tensor, 100, part);
        Assert.Equal(Bytes(3 * 68)[100..110], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => gguf.Read(tensor, 3 * 68 - 5, part));
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused_with_its_name()
    {
        var whole = Sample().ToBytes();
        for (var length = 0; length < whole.Length - 32; length += length < 200 ? 1 : 7)
        {
            using var file = new TempFile(whole[..length]);
            var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path));
            Assert.StartsWith(file.Path, fault.Message, StringComparison.Ordinal);
            Assert.NotNull(fault.Offset);
        }
    }

    [Fact]
    public void Flipped_bits_give_a_fault_or_a_file_and_nothing_else()
    {
        var whole = Sample().ToBytes();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample(
            (at, value, at2, value2) =>
            {
                var changed = (byte[])whole.Clone();
                changed[at] = value;
                changed[at2] ^= value2;
                using var file = new TempFile(changed);
                try
                {
                    using var gguf = GgufFile.Open(file.Path);
                    Assert.All(gguf.Tensors, t => Assert.Equal(t.Bytes, gguf.Read(t).Length));
                }
                catch (ModelFileException fault)
                {
                    Assert.Contains(file.Path, fault.Message, StringComparison.Ordinal);
                }
            },
            iter: 3000,
            threads: 1);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "at least 24")]
    [InlineData(new byte[] { 0x50, 0x4b, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "letters GGUF")]
    [InlineData(new byte[] { 0x47, 0x47, 0x55, 0x46, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "version 9")]
    [InlineData(new byte[] { 0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127, 0, 0, 0, 0, 0, 0, 0, 0 }, "do not fit")]
    public void A_bad_head_is_named(byte[] bytes, string expected)
    {
        using var file = new TempFile(bytes);
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_model_fault() =>
        Assert.Contains("nowhere.gguf", Assert.Throws<ModelFileException>(() => GgufFile.Open("nowhere.gguf")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_type_that_is_not_read_is_refused_by_name()
    {
        var bytes = new GgufWriter().AddTensor("w", (TensorType)0, [8], new byte[32]).ToBytes();
        // magic, version and counts 24, name 9, dimension count 4, dimension 8: then the type.
        bytes[24 + 9 + 4 + 8] = 39;
        using var file = new TempFile(bytes);
        var message = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path)).Message;
        Assert.Contains("MXFP4", message, StringComparison.Ordinal);
        Assert.Contains("Q4_K", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_alignment_that_a_file_states_is_kept()
    {
        var bytes = new GgufWriter().Add("general.alignment", 128u)
            .AddTensor("a", TensorType.F32, [3], new byte[12]).AddTensor("b", TensorType.F32, [2, 2], Bytes(16)).ToBytes();
        using var file = new TempFile(bytes);
        using var gguf = GgufFile.Open(file.Path);
        Assert.Equal(0, gguf.Need("b").Offset % 128);
        Assert.Equal(Bytes(16), gguf.Read(gguf.Need("b")));
    }

    /// <summary>2^31 - 1 squared, times four bytes, is negative in 64 bits; so are the other products.</summary>
    [Theory]
    [InlineData(TensorType.F32, int.MaxValue, int.MaxValue)]
    [InlineData(TensorType.F32, 1u << 30, 1u << 30)]
    [InlineData(TensorType.F32, 1u << 30, (1u << 31) - 1)]
    [InlineData(TensorType.Q8_0, 0x7FFF_FFE0, int.MaxValue)]
    [InlineData(TensorType.Q4_0, 0x7FFF_FFE0, int.MaxValue)]
    public void A_size_that_leaves_64_bits_is_refused_with_tensor_and_place(TensorType type, ulong rowLength, ulong rows)
    {
        var written = new GgufWriter().AddTensor("huge", type, [32, 1], new byte[TensorTypes.RowBytes(type, 32)]).ToBytes();
        using var file = new TempFile(TensorLie.Dimensions(written, "huge", rowLength, rows));

        var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path));

        var bytes = (Int128)rowLength * rows * TensorTypes.BlockBytes(type) / TensorTypes.BlockLength(type);
        Assert.Contains($"the tensor huge needs {bytes} bytes", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Offset);
    }

    [Fact]
    public void Sizes_in_a_head_are_those_of_exact_arithmetic_or_refused() =>
        Gen.Select(Gen.Int[0, TensorTypes.All.Count - 1], Gen.ULong[1, 1u << 26], Gen.ULong[1, int.MaxValue], Gen.Int[0, 31]).Sample(
            (pick, blocks, rows, shift) =>
            {
                var type = TensorTypes.All[pick];
                var (length, blockBytes) = (TensorTypes.BlockLength(type), TensorTypes.BlockBytes(type));
                var (rowLength, few) = (Math.Min(blocks, (ulong)(int.MaxValue / length)) * (ulong)length, Math.Max(1, rows >> shift));
                var written = new GgufWriter().AddTensor("t", type, [length, 1], new byte[blockBytes]).ToBytes();
                using var file = new TempFile(TensorLie.Dimensions(written, "t", rowLength, few));
                var isHeld = (Int128)rowLength / length * blockBytes * few <= (blockBytes + 31) / 32 * 32;
                Assert.Equal(isHeld, Record.Exception(() => GgufFile.Open(file.Path).Dispose()) is not ModelFileException);
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Tensors_that_share_bytes_are_refused_with_both_names()
    {
        var written = new GgufWriter().AddTensor("first", TensorType.F32, [16, 1], new byte[64]).AddTensor("second", TensorType.F32, [16, 1], new byte[64]).ToBytes();
        using var file = new TempFile(TensorLie.Start(written, "second", 32));
        var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path));
        Assert.Contains("the tensor second starts inside the tensor first", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Offset);
    }

    /// <summary>The file is as long as its array, nearly all of it a hole: the count alone must be enough to refuse it.</summary>
    [Theory]
    [InlineData(0u, 2_147_483_600ul)]
    [InlineData(7u, 2_147_483_591ul)]
    [InlineData(0u, (1ul << 23) + 1)]
    [InlineData(10u, 2_147_483_591ul)]
    [InlineData(8u, 1ul << 28)]
    [InlineData(9u, 1ul << 27)]
    public void An_array_larger_than_any_real_one_is_refused_with_key_and_place(uint elementType, ulong count)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no holes there unless asked for");
        using var file = new TempFile(Head([("lie", elementType, count)]));
        TensorLie.Stretch(file.Path, 24 + 16 * (long)count);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, "a refused array was allocated");
        Assert.Contains($"the key lie holds an array of {count} elements", fault.Message, StringComparison.Ordinal);
        Assert.Equal(24 + 8 + 3 + 4 + 4, fault.Offset);
    }

    [Fact]
    public void Arrays_are_bounded_together_so_that_many_cost_no_more_than_one()
    {
        const int half = 1 << 22;
        var writer = new GgufWriter();
        foreach (var key in new[] { "a", "b", "c" })
        {
            writer.Add(key, new byte[half]);
        }

        using var file = new TempFile(writer.ToBytes());
        Assert.Contains($"the key c holds an array of {half} elements, with {2 * half} in arrays before it", Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_bounded_together_and_the_key_is_named()
    {
        var text = new string('x', 1 << 20);
        using var file = new TempFile(new GgufWriter().Add("few", Enumerable.Repeat(text, 8).ToArray()).Add("many", Enumerable.Repeat(text, 60).ToArray()).ToBytes());
        var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path));
        Assert.Contains("the key many brings the texts of the head to ", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Offset);
    }

    [Fact]
    public void A_vocabulary_twice_as_large_as_any_published_is_read()
    {
        const int tokens = 1 << 19;
        var texts = Enumerable.Range(0, tokens).Select(i => $"token {i}").ToArray();
        using var file = new TempFile(new GgufWriter().Add("tokens", texts).Add("merges", texts).Add("more", texts).Add("scores", new float[tokens]).Add("types", new int[tokens]).ToBytes());
        using var gguf = GgufFile.Open(file.Path);
        Assert.Equal(texts, gguf.Metadata.Texts("merges"));
    }

    [Theory]
    [InlineData(8, 1ul << 30, "tensors; the limit is ")]
    [InlineData(16, 1ul << 30, "keys; the limit is ")]
    public void A_head_with_more_parts_than_any_real_one_is_refused(int place, ulong count, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no holes there unless asked for");
        var head = Head([]);
        BitConverter.TryWriteBytes(head.AsSpan(place), count);
        using var file = new TempFile(head);
        TensorLie.Stretch(file.Path, 25L << 30);
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => GgufFile.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>A head with arrays of which only the counts are there.</summary>
    private static byte[] Head((string Key, uint ElementType, ulong Count)[] arrays)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(0ul);
        writer.Write((ulong)arrays.Length);
        foreach (var (key, elementType, count) in arrays)
        {
            writer.Write((ulong)key.Length);
            writer.Write(System.Text.Encoding.UTF8.GetBytes(key));
            writer.Write(9u);
            writer.Write(elementType);
            writer.Write(count);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    private static GgufWriter Sample()
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in EveryType)
        {
            writer.Add(key, value);
        }

        return writer.AddTensor("first", TensorType.F32, [5], Bytes(20)).AddTensor("second", TensorType.Q8_0, [64, 3], Bytes(204));
    }

    [Fact]
    public async Task A_pipe_is_refused_at_once_and_nobody_waits_for_its_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are no files there");
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.gguf");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [path]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        try
        {
            var fault = Assert.Throws<ModelFileException>(() => GgufFile.Open(path));
            Assert.Contains("no regular file", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
