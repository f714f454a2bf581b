using System.Collections;
using System.Text.RegularExpressions;
using Holdfast.Configuration;
using Holdfast.Tests.Samples;

namespace Holdfast.Tests.Deploy;

/// <summary>The operator's page and the deployment examples speak of what the product has: no setting, metric or verb of another day.</summary>
public sealed partial class OperatingPageTests
{
    private static readonly Hashtable NoEnvironment = [];
    private static readonly string[] Pages =
        ["docs/operating.md", "deploy/holdfast.yaml", "deploy/holdfast.service", "deploy/prometheus.yml", "deploy/holdfast.rules.yml"];

    [Fact]
    public void The_example_configuration_has_no_fault()
    {
        var loaded = ConfigurationLoader.Load(Path.Combine(Handbook.Root, "deploy", "holdfast.yaml"), NoEnvironment, []);
        Assert.Equal([], loaded.Faults);
        Assert.Equal("/var/lib/holdfast", loaded.Options.Data);
        Assert.Equal("large", Assert.Single(loaded.Options.Upstreams).Name);
    }

    [Fact]
    public void Each_setting_that_is_named_exists()
    {
        var known = ConfigurationLoader.Load(Path.Combine(Handbook.Root, "deploy", "holdfast.yaml"), NoEnvironment, [])
            .Settings.Select(setting => setting.Key).ToHashSet(StringComparer.Ordinal);
        var named = Named(Setting());
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(name => !known.Contains(name) && !known.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal))));
    }

    [Fact]
    public void Each_metric_that_is_named_is_written()
    {
        // Instruments are named without the suffixes that the Prometheus text adds.
        var sources = Sources();
        var named = Named(Metric()).Select(name => Suffix().Replace(name, "")).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(name => !sources.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_verb_and_option_that_is_named_exists()
    {
        var sources = Sources();
        var verbs = Named(Verb());
        Assert.NotEmpty(verbs);
        Assert.Equal([], verbs.Where(verb => !sources.Contains($"new Command(\"{verb}\"", StringComparison.Ordinal)));
        Assert.Equal([], Named(HoldfastOption()).Where(option => !sources.Contains($"(\"{option}\")", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_unit_waits_longer_than_the_service_drains()
    {
        var unit = Read("deploy/holdfast.service");
        var seconds = int.Parse(Regex.Match(unit, @"^TimeoutStopSec=(?<seconds>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["seconds"].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(seconds) > new HoldfastOptions().DrainTime + TimeSpan.FromSeconds(5));
    }

    private static IReadOnlyList<string> Named(Regex pattern) =>
        [.. Pages.SelectMany(page => pattern.Matches(Read(page))).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];

    private static string Read(string path) => File.ReadAllText(Path.Combine(Handbook.Root, path));

    private static string Sources() =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(Handbook.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));

    [GeneratedRegex(@"\b(?<name>(gateway|ingest|documents|retrieval)(\.[a-z][A-Za-z]+)+)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"\b(?<name>holdfast_[a-z_]*[a-z])\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex("_(total|bucket|count|sum)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"(`|/|#   )holdfast (?<name>[a-z]+)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verb();

    [GeneratedRegex(@"`holdfast [^`\n]*?(?<name>--[a-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HoldfastOption();
}
