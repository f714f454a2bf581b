using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.Printing;
using Holdfast.Pulling;
using Holdfast.Tests.Engine.Models;
using Holdfast.Tests.Fakes;
using Holdfast.Verbs;

namespace Holdfast.EndToEnd;

/// <summary><c>holdfast models …</c> as a person or a script runs it: exit codes, what goes where, and the JSON shapes read back into their records.</summary>
public sealed class ModelsVerbTests : IDisposable
{
    private static readonly JsonSerializerOptions Strict = new(Json.Line) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("holdfast-models-verb-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Pull_brings_a_model_that_up_finds_by_its_name()
    {
        await using var hub = new FakeHub();
        var bytes = TinyChatModel.Make();
        hub.Files["tiny.Q4_0.gguf"] = bytes;

        var (code, output, errors) = await RunAsync(hub, "pull", FakeHub.Repository, "--json");

        Assert.True(code == 0, errors);
        var target = Path.Combine(Cache, "tiny.Q4_0.gguf");
        Assert.Equal(new PulledModel { Name = "tiny", Path = target, Bytes = bytes.Length, Sha256 = FakeHub.Digest(bytes), Licence = "apache-2.0" }, Read<PulledModel>(output));
        Assert.Equal(new PullStep("pulling", bytes.Length, bytes.Length), Read<PullStep>(errors.TrimEnd().Split('\n')[^1]));
        var (_, list, _) = await RunAsync(hub, "list", "--json");
        Assert.Equal(("tiny", "the user's cache"), (Read<ListedModel>(list).Use, Read<ListedModel>(list).Origin));
    }

    [Fact]
    public async Task Pull_tells_a_person_where_the_file_is_and_how_to_run_it()
    {
        await using var hub = new FakeHub();
        hub.Files["tiny.Q4_0.gguf"] = TinyChatModel.Make();

        var folder = Path.Combine(_root.FullName, "new", "folder");
        var (code, output, _) = await RunAsync(hub, "pull", FakeHub.Repository, "--models", folder);

        Assert.Equal(0, code);
        Assert.Contains(Path.Combine(folder, "tiny.Q4_0.gguf"), output, StringComparison.Ordinal);
        Assert.Contains($"run it: holdfast up --model tiny --models {folder}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_says_when_what_it_brought_does_not_run_here()
    {
        await using var hub = new FakeHub();
        hub.Files["other.gguf"] = new GgufWriter().Add("general.architecture", "mamba\u001b[2J").ToBytes();

        var (code, output, errors) = await RunAsync(hub, "pull", FakeHub.Repository);

        Assert.Equal(1, code);
        Assert.DoesNotContain("run it: holdfast", output, StringComparison.Ordinal);
        Assert.Contains("this engine cannot run it", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', errors);
    }

    [Fact]
    public async Task A_wrong_digest_is_a_fault_and_leaves_nothing()
    {
        await using var hub = new FakeHub { Script = (call, _) => new HubFault { Corrupts = call.IsStore } };
        hub.Files["tiny.Q4_0.gguf"] = TinyChatModel.Make();

        var (code, output, errors) = await RunAsync(hub, "pull", FakeHub.Repository, "--json");

        Assert.Equal((3, ""), (code, output));
        Assert.Contains(FakeHub.Digest(hub.Files["tiny.Q4_0.gguf"]), errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_pull_that_is_ended_goes_on_with_the_same_command(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        await using var hub = new FakeHub { Script = (call, _) => call.IsStore ? new HubFault { SilentAfter = 200_000 } : HubFault.None };
        hub.Files["tiny.Q4_0.gguf"] = TinyChatModel.Make();
        using var process = Process.Start(Start(hub, "pull", FakeHub.Repository, "--json"))!;
        var partial = Path.Combine(Cache, "tiny.Q4_0.gguf.partial");
        while (!File.Exists(partial) || new FileInfo(partial).Length < 200_000)
        {
            Assert.False(process.HasExited);
            await Task.Yield();
        }

        using (var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        hub.Script = (_, _) => HubFault.None;
        var (code, _, _) = await RunAsync(hub, "pull", FakeHub.Repository);

        Assert.Equal(signal != "KILL", errors.Contains("the same command goes on", StringComparison.Ordinal));
        Assert.Equal(signal == "KILL" ? 137 : 130, process.ExitCode);
        Assert.Equal(0, code);
        Assert.Equal("bytes=200000-", hub.Received[^1].Header("Range"));
        Assert.Equal(hub.Files["tiny.Q4_0.gguf"], await File.ReadAllBytesAsync(Path.Combine(Cache, "tiny.Q4_0.gguf")));
    }

    [Theory]
    [InlineData(2, "did you mean qwen3-0.6b?", "pull", "qwen3-06b")]
    [InlineData(2, "is no repository", "pull", "a/b/c")]
    [InlineData(2, "models pull has no option --nope", "pull", "--nope")]
    [InlineData(2, "there is no folder nowhere", "list", "--models", "nowhere")]
    [InlineData(2, "there is no model nothing in", "inspect", "nothing")]
    [InlineData(2, "see: holdfast models inspect --help", "inspect")]
    [InlineData(2, "there is no model file ./nothing", "bench", "./nothing")]
    [InlineData(2, "1..1024", "bench", "x", "--threads", "0")]
    public async Task Wrong_use_goes_to_standard_error_alone(int expected, string fault, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(hub: null, arguments);

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_network_pull_is_a_fault_with_other_ways()
    {
        var hub = new FakeHub();
        await hub.DisposeAsync();

        var (code, output, errors) = await RunAsync(hub, "pull", "qwen3-0.6b");

        Assert.Equal((3, ""), (code, output));
        Assert.Contains("cannot be reached", errors, StringComparison.Ordinal);
        Assert.Contains($"copy it into {Cache}", errors, StringComparison.Ordinal);
        Assert.Equal(3, errors.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("list", "--catalogue")]
    public async Task The_catalogue_is_printed_and_read_back(params string[] arguments)
    {
        var (code, json, _) = await RunAsync(hub: null, [.. arguments, "--json"]);
        var (_, text, _) = await RunAsync(hub: null, arguments);

        Assert.Equal(0, code);
        Assert.Equal(ModelCatalogue.Entries, json.TrimEnd().Split('\n').Select(Read<CatalogueEntry>));
        Assert.All(ModelCatalogue.Entries, entry => Assert.Contains($"{entry.Repository}:{entry.File}", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_shows_every_folder_the_winner_and_the_broken()
    {
        var own = Path.Combine(_root.FullName, "models");
        var more = Path.Combine(_root.FullName, "more");
        Directory.CreateDirectory(more);
        Put(own, "tiny.Q4_0.gguf", TinyChatModel.Make());
        Put(Cache, "tiny.Q4_0.gguf", TinyChatModel.Make());
        Put(Cache, "broken\u001b[2J.gguf", [1, 2, 3]);
        Put(more, "nothing.gguf", []);

        var (code, json, _) = await RunAsync(hub: null, "list", "--models", more, "--json");
        var rows = json.TrimEnd().Split('\n').Select(Read<ListedModel>).ToList();
        var (_, text, _) = await RunAsync(hub: null, "list", "--models", more);

        Assert.Equal(0, code);
        Assert.Equal([("nothing", "--models"), ("tiny", "./models"), ("broken\u001b[2J", "the user's cache"), ("tiny", "the user's cache")], rows.Select(row => (row.Name, row.Origin)));
        Assert.Contains("at least 24", Assert.Single(rows[0].Faults), StringComparison.Ordinal);
        Assert.Equal((own, "tiny", "llama", "Q4_0", 512), (rows[1].Folder, rows[1].Use, rows[1].Architecture, rows[1].Quant, rows[1].ContextTokens));
        Assert.Empty(rows[1].Faults);
        Assert.Equal((Path.Combine(Cache, "tiny.Q4_0.gguf"), Path.Combine(own, "tiny.Q4_0.gguf")), (rows[3].Use, rows[3].HiddenBy));
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("comes first; use the path", text, StringComparison.Ordinal);
        Assert.Contains("cannot run:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_listed_with_the_size_of_its_file_and_one_to_a_device_is_no_model()
    {
        var bytes = TinyChatModel.Make();
        Put(_root.FullName, "blob", bytes);
        Directory.CreateDirectory(Cache);
        File.CreateSymbolicLink(Path.Combine(Cache, "linked.gguf"), Path.Combine(_root.FullName, "blob"));
        File.CreateSymbolicLink(Path.Combine(Cache, "zero.gguf"), "/dev/zero");

        var (code, json, _) = await RunAsync(hub: null, "list", "--json");
        var rows = json.TrimEnd().Split('\n').Select(Read<ListedModel>).ToList();

        Assert.Equal(0, code);
        Assert.Equal([("linked", bytes.Length, 0), ("zero", 0, 1)], rows.Select(row => (row.Name, row.FileBytes, row.Faults.Count)));
        Assert.Contains("no regular file", rows[1].Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_of_empty_folders_says_how_to_get_a_model()
    {
        var (code, output, errors) = await RunAsync(hub: null, "list");

        Assert.Equal((0, ""), (code, output));
        Assert.Contains("holdfast models pull NAME", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_tells_what_a_file_is_and_exits_with_1_when_it_does_not_run()
    {
        Put(Cache, "tiny.Q4_0.gguf", TinyChatModel.Make());
        Put(Cache, "bare.gguf", SyntheticModel.Make("qwen3", TensorType.Q8_0));
        Put(Cache, "cut.gguf", TinyChatModel.Make()[..5000]);

        var (whole, json, _) = await RunAsync(hub: null, "inspect", "tiny", "--json");
        var (bare, text, _) = await RunAsync(hub: null, "inspect", "bare");
        var (cut, _, errors) = await RunAsync(hub: null, "inspect", "cut");

        Assert.Equal((0, 1, 3), (whole, bare, cut));
        var model = Read<ModelInspection>(json);
        Assert.Equal(("tiny", "llama", true, false), (model.Name, model.Architecture, model.HasChatTemplate, model.IsEncoder));
        Assert.Contains("cannot run: ", text, StringComparison.Ordinal);
        Assert.Contains("byte ", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_measures_a_file_without_a_vocabulary_too()
    {
        Put(Cache, "bare.Q8_0.gguf", SyntheticModel.Make("qwen2", TensorType.Q8_0));

        var (code, json, errors) = await RunAsync(hub: null, "bench", "bare", "--threads", "1", "--json");

        Assert.True(code == 0, errors);
        var line = Read<BenchLine>(json);
        Assert.Equal(("bare", "Q8_0", 1), (line.Model, line.Quant, line.Threads));
        Assert.Equal(["8", "16", "32"], line.Batch.Keys);
        Assert.All([line.PrefillTokensPerSecond, line.DecodeTokensPerSecond, line.BandwidthGBps, .. line.Batch.Values], value => Assert.True(value > 0));
    }

    private string Cache => Path.Combine(_root.FullName, "cache", "holdfast", "models");

    private static void Put(string folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    /// <summary>The shape holds when the record takes every member of the line and none is missing.</summary>
    private static T Read<T>(string line) =>
        JsonSerializer.Deserialize<T>(line, Strict)!;

    private Dictionary<string, string> Environment(FakeHub? hub) => new()
    {
        ["XDG_CACHE_HOME"] = Path.Combine(_root.FullName, "cache"),
        ["HOLDFAST_MODELS"] = "",
        ["HF_ENDPOINT"] = hub?.Url ?? "http://127.0.0.1:1",
        ["HF_TOKEN"] = "",
    };

    private Task<(int Code, string Output, string Errors)> RunAsync(FakeHub? hub, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the user's cache is moved by XDG_CACHE_HOME");
        return HoldfastProcess.RunInAsync(_root.FullName, Environment(hub), input: null, ["models", .. arguments]);
    }

    private ProcessStartInfo Start(FakeHub hub, params string[] arguments)
    {
        var start = new ProcessStartInfo(HoldfastProcess.Executable, ["models", .. arguments]) { WorkingDirectory = _root.FullName, RedirectStandardError = true };
        foreach (var (name, value) in Environment(hub))
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
