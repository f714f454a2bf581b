using CsCheck;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

public sealed class MemoryRoomTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void The_least_of_machine_container_and_free_memory_decides()
    {
        string[] meminfo = [$"MemTotal:       {16 * GiB >> 10} kB", "MemFree:        100 kB", $"MemAvailable:   {10 * GiB >> 10} kB"];
        Assert.Equal(new MemoryRoom(10 * GiB, "free by /proc/meminfo"), MemoryRoom.Of(16 * GiB, meminfo));
        Assert.Equal(new MemoryRoom(8 * GiB, "this container's limit"), MemoryRoom.Of(6 * GiB, meminfo));
        Assert.Equal(new MemoryRoom(10 * GiB, "free by /proc/meminfo"), MemoryRoom.Of(0, meminfo));
        Assert.Equal(new MemoryRoom(16 * GiB, "this machine"), MemoryRoom.Of(16 * GiB, []));
        Assert.Equal(new MemoryRoom(16 * GiB, "this machine"), MemoryRoom.Of(16 * GiB, ["MemAvailable: many kB", "MemTotal:"]));
        Assert.Null(MemoryRoom.Of(0, []));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_setting_and_the_numbers()
    {
        var room = new MemoryRoom(4 * GiB, "this machine");
        Assert.Null(room.Fault(GiB, 3 * GiB));
        Assert.Equal(
            "the weights take 1024 MiB and engine.kvMiB asks for 8192, together 9216 MiB; there are 4096 (this machine). Set engine.kvMiB to 3072 or less",
            room.Fault(GiB, 8 * GiB));
        Assert.Equal(
            "the weights take 4096 MiB and engine.kvMiB asks for 512, together 4608 MiB; there are 4096 (this machine). Take a smaller model, or give it more memory",
            room.Fault(4 * GiB, GiB / 2));
    }

    [Fact]
    public void The_setting_that_a_refusal_names_fits() =>
        Gen.Select(Gen.Long[0, 64 * GiB], Gen.Long[0, 64 * GiB], Gen.Int[1, 1 << 24]).Sample((there, weights, kvMiB) =>
        {
            var room = new MemoryRoom(there, "this machine");
            var fault = room.Fault(weights, (1L << 20) * kvMiB);
            return fault is null == (weights + ((1L << 20) * kvMiB) <= there)
                && (fault is null || there - weights < 1 << 20 || room.Fault(weights, (1L << 20) * ((there - weights) >> 20)) is null);
        });

    [Fact]
    public void Sixteen_TiB_for_keys_and_values_are_a_fault_and_not_the_end_of_the_process()
    {
        using var file = TalkingModel.File();
        var fault = Assert.Throws<ModelFileException>(() => EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1 << 24, Threads = 1 }, gate: null, TimeProvider.System));
        Assert.Contains("engine.kvMiB asks for 16777216, together 1677", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Set engine.kvMiB to ", fault.Message, StringComparison.Ordinal);
    }
}
