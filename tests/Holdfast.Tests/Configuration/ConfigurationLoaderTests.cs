using System.Collections;
using Holdfast.Configuration;

namespace Holdfast.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void Nothing_given_is_the_defaults_without_a_fault()
    {
        var loaded = Load("");

        Assert.Empty(loaded.Faults);
        Assert.Equal("127.0.0.1:8080", loaded.Options.Listen);
        Assert.All(loaded.Settings, setting => Assert.Equal("default", setting.Origin.ToString()));
    }

    [Fact]
    public void All_faults_are_shown_together_with_their_lines()
    {
        var loaded = Load("""
            listen: nowhere
            dat: x
            ingest:
              readers: many
              settleTime: 5
              batchDocument: 3
            drainTime: [1]
            """);

        Assert.Equal(
        [
            "holdfast.yaml:1: listen is nowhere; it must be HOST:PORT with a port in 0..65535, such as 127.0.0.1:8080",
            "holdfast.yaml:2: dat is not a setting; did you mean data?",
            "holdfast.yaml:4: ingest.readers is many; it must be a whole number, or a size such as 64 MiB",
            "holdfast.yaml:5: ingest.settleTime is 5; it must be a time such as 500 ms, 20 s, 5 min",
            "holdfast.yaml:6: ingest.batchDocument is not a setting; did you mean ingest.batchDocuments?",
            "holdfast.yaml:7: drainTime is a list; it must be a time such as 500 ms, 20 s, 5 min",
        ],
        loaded.Faults.Select(fault => fault.ToString()).Order());
    }

    [Fact]
    public void A_value_out_of_range_is_named_with_the_line_that_set_it()
    {
        var loaded = Load("ingest:\n  batchDocuments: 0\n");

        Assert.Equal("holdfast.yaml:2: ingest.batchDocuments is 0; it must lie in 1..10000", Assert.Single(loaded.Faults).ToString());
    }

    [Fact]
    public void Flags_win_over_the_environment_and_the_environment_over_the_file()
    {
        var environment = new Hashtable { ["HOLDFAST__LISTEN"] = "127.0.0.1:2", ["HOLDFAST__INGEST__READERS"] = "2", ["HOLDFAST_KEY"] = "hf-x" };
        var loaded = Load("listen: 127.0.0.1:1\ndata: kept\ningest:\n  readers: 1\n", environment, [new FlagSetting("listen", "127.0.0.1:3", "--listen")]);

        Assert.Empty(loaded.Faults);
        Assert.Equal(("127.0.0.1:3", "kept", 2), (loaded.Options.Listen, loaded.Options.Data, loaded.Options.Ingest.Readers));
        Assert.Equal(
            ["--listen", "holdfast.yaml:2", "HOLDFAST__INGEST__READERS"],
            new[] { "listen", "data", "ingest.readers" }.Select(key => loaded.Settings.Single(setting => setting.Key == key).Origin.ToString()));
    }

    [Fact]
    public void Broken_yaml_names_the_line()
    {
        var fault = Assert.Single(Load("listen: 127.0.0.1:1\n  data: [x\n").Faults);

        Assert.Equal(("holdfast.yaml", true), (fault.File, fault.Line is >= 2));
        Assert.Contains("is not YAML", fault.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512 MiB", 512)]
    [InlineData("1.5 GiB", 1536)]
    [InlineData("1048576 B", 1)]
    public void A_setting_that_counts_MiB_takes_a_size_in_any_unit(string text, int expected)
    {
        var loaded = Load($"engine:\n  kvMiB: {text}\n");

        Assert.Empty(loaded.Faults);
        Assert.Equal(expected, loaded.Options.Engine.KvMiB);
    }

    [Theory]
    [InlineData("1000 kB")]
    [InlineData("1 B")]
    [InlineData("lots MiB")]
    [InlineData("lots")]
    public void A_size_that_is_no_whole_number_of_MiB_is_refused(string text) =>
        Assert.Equal($"holdfast.yaml:2: engine.kvMiB is {text}; it must be a whole number of MiB, such as 512 or 512 MiB", Assert.Single(Load($"engine:\n  kvMiB: {text}\n").Faults).ToString());

    [Theory]
    [InlineData("64 MiB", 64L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("2 MB", 2_000_000)]
    [InlineData("1_000", 1000)]
    public void Sizes_are_written_with_units(string text, long bytes)
    {
        Assert.True(ValueText.TryParse(typeof(long), text, out var value, out _));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData(typeof(int), "3000000000")]
    [InlineData(typeof(long), "0.3 B")]
    [InlineData(typeof(double), "NaN")]
    [InlineData(typeof(TimeSpan), "-1 s")]
    [InlineData(typeof(bool), "1")]
    [InlineData(typeof(DayOfWeek), "3")]
    public void What_cannot_be_meant_is_refused(Type type, string text)
    {
        Assert.False(ValueText.TryParse(type, text, out _, out var expected));
        Assert.NotEmpty(expected);
    }

    [Fact]
    public void Times_are_read_back_as_they_are_printed()
    {
        foreach (var time in new[] { 0, 0.000_25, 0.3, 1, 20, 90, 3600 }.Select(TimeSpan.FromSeconds))
        {
            Assert.True(ValueText.TryParse(typeof(TimeSpan), ValueText.Format(time), out var value, out _));
            Assert.Equal(time, value);
        }
    }

    [Theory]
    [InlineData("samples/handbook", "handbook")]
    [InlineData("/data/My Docs (2026)/", "my-docs-2026")]
    [InlineData("/", "documents")]
    [InlineData("/tmp/日本", "documents")]
    public void A_folder_names_its_collection(string folder, string name) => Assert.Equal(name, CollectionName.FromFolder(folder));

    private static LoadedConfiguration Load(string yaml, Hashtable? environment = null, FlagSetting[]? flags = null)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-configuration-");
        try
        {
            var file = Path.Combine(folder.FullName, "holdfast.yaml");
            File.WriteAllText(file, yaml);
            var loaded = ConfigurationLoader.Load(file, environment ?? [], flags ?? []);
            string Short(string place) => place.Replace(file, "holdfast.yaml", StringComparison.Ordinal);
            return loaded with
            {
                Faults = [.. loaded.Faults.Select(fault => fault with { File = Short(fault.File) })],
                Settings = [.. loaded.Settings.Select(setting => setting with { Origin = setting.Origin with { Source = Short(setting.Origin.Source) } })],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
