using System.Globalization;
using CsCheck;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

public sealed class MemoryRoomTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void The_least_of_free_memory_and_container_decides()
    {
        string[] meminfo = [$"MemTotal:       {16 * GiB >> 10} kB", "MemFree:        100 kB", $"MemAvailable:   {10 * GiB >> 10} kB"];
        Assert.Equal(new MemoryRoom(10 * GiB, "free by /proc/meminfo"), MemoryRoom.Of(16 * GiB, meminfo, null));
        Assert.Equal(new MemoryRoom(10 * GiB, "free by /proc/meminfo"), MemoryRoom.Of(GiB, meminfo, 11 * GiB));
        Assert.Equal(new MemoryRoom(8 * GiB, "left of this container's limit"), MemoryRoom.Of(16 * GiB, meminfo, 8 * GiB));
        Assert.Equal(new MemoryRoom(16 * GiB, "this machine"), MemoryRoom.Of(16 * GiB, ["MemAvailable: many kB", "MemTotal:"], null));
        Assert.Equal(new MemoryRoom(GiB, "left of this container's limit"), MemoryRoom.Of(0, [], GiB));
        Assert.Null(MemoryRoom.Of(0, [], null));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_setting_and_the_numbers()
    {
        var room = new MemoryRoom(4 * GiB, "this machine");
        Assert.Null(room.Fault(new MemoryNeed(GiB, GiB, 2 * GiB)));
        Assert.Equal(
            "the weights take 1024 MiB, what is computed with them 512 and engine.kvMiB asks for 8192, together 9728 MiB; there are 4096 (this machine). Set engine.kvMiB to 2560 or less",
            room.Fault(new MemoryNeed(GiB, GiB / 2, 8 * GiB)));
        Assert.Contains(" 512 and keys and values 8192, together ", room.Fault(new MemoryNeed(GiB, GiB / 2, 8 * GiB), isSet: false), StringComparison.Ordinal);
        Assert.EndsWith("Take a smaller model, or give it more memory", room.Fault(new MemoryNeed(4 * GiB, 0, GiB / 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_setting_that_a_refusal_names_fits() =>
        Gen.Select(Gen.Long[0, 64 * GiB], Gen.Long[0, 64 * GiB], Gen.Long[0, GiB], Gen.Int[1, 1 << 24]).Sample((there, weights, beside, kvMiB) =>
        {
            var (room, need) = (new MemoryRoom(there, "this machine"), new MemoryNeed(weights, beside, (1L << 20) * kvMiB));
            return room.Fault(need) is not { } fault
                || !fault.Contains("Set engine.kvMiB to ", StringComparison.Ordinal)
                || room.Fault(need with { Kv = (1L << 20) * long.Parse(fault.Split("Set engine.kvMiB to ")[1].Split(' ')[0], CultureInfo.InvariantCulture) }) is null;
        });

    [Fact]
    public void What_is_reckoned_is_no_less_than_what_an_engine_then_holds()
    {
        using var file = TalkingModel.File();
        foreach (var options in new[] { new EngineOptions { KvMiB = 1, Threads = 1 }, new EngineOptions { KvMiB = 4, Threads = 1, Scheduler = new SchedulerOptions { StepTokens = 4096, RunningMax = 512 }, Activations = ActivationBits.Fifteen } })
        {
            using var head = GgufFile.Open(file.Path);
            var need = MemoryNeed.Of(head, ModelShape.Read(head), new ForwardLimits(options.Scheduler.StepTokens, options.Scheduler.RunningMax, options.ContextTokens, IsFine: true), options.KvMiB << 20);
            using var backend = EngineBackend.Load(file.Path, options, gate: null, TimeProvider.System);
            var held = backend.Memory;
            Assert.InRange(held.WeightBytes, 1, need.Weights);
            Assert.InRange(held.KvBytes, 1, need.Kv);
            Assert.InRange(held.ScratchBytes + held.TokenizerBytes, 1, need.Beside - (48 << 20));
        }
    }

    [Theory]
    [InlineData("0::/a/b", 300)]
    [InlineData("0::/a", 900)]
    [InlineData("0::/elsewhere", 900)]
    [InlineData("4:memory:/old", 70)]
    [InlineData("4:memory:/free", null)]
    [InlineData("3:cpuset:/a/b", null)]
    [InlineData("nonsense", null)]
    public void A_group_and_those_above_it_bound_the_memory(string membership, int? expected)
    {
        var root = Directory.CreateTempSubdirectory("holdfast-cgroup-");
        void Put(string group, params (string File, string Text)[] files)
        {
            var folder = Directory.CreateDirectory(Path.Combine(root.FullName, group));
            Array.ForEach(files, f => File.WriteAllText(Path.Combine(folder.FullName, f.File), f.Text));
        }

        Put(".", ("memory.max", "1000\n"), ("memory.current", "150\n"), ("memory.stat", "anon 1\ninactive_file 50\n"));
        Put("a", ("memory.max", "max\n"), ("memory.current", "10\n"));
        Put("a/b", ("memory.max", "400\n"), ("memory.current", "100\n"));
        Put("memory/old", ("memory.limit_in_bytes", "100\n"), ("memory.usage_in_bytes", "90\n"), ("memory.stat", "inactive_file 1\ntotal_inactive_file 60\n"));
        Put("memory/free", ("memory.limit_in_bytes", "9223372036854771712\n"), ("memory.usage_in_bytes", "90\n"));
        Assert.Equal((long?)expected, CgroupMemory.Free(root.FullName, [membership]));
        root.Delete(recursive: true);
    }

    [Fact]
    public void Sixteen_TiB_for_keys_and_values_are_a_fault_and_not_the_end_of_the_process()
    {
        using var file = TalkingModel.File();
        var fault = Assert.Throws<ModelFileException>(() => EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1 << 24, Threads = 1 }, gate: null, TimeProvider.System));
        Assert.Contains("engine.kvMiB asks for 16777216, together 1677", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Set engine.kvMiB to ", fault.Message, StringComparison.Ordinal);
    }
}
