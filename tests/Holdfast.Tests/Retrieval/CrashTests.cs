using System.Diagnostics;
using System.Globalization;
using Holdfast.CrashChild;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Tests.Retrieval;

public sealed class CrashTests
{
    private const int Kills = 50;
    private const int Seed = 20260301;

    // A batch is 10 documents put and a commit: 11 steps. A child writes up to four batches before it dies.
    private const int StepsMax = 44;

    [Fact]
    public void Killed_at_any_point_of_an_ingest_the_store_holds_whole_batches_and_every_acknowledged_one()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        using var test = new TestStore();
        test.Store.Dispose();
        var stored = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var steps = random.Next(1, StepsMax);
            var acknowledged = stored + RunAndKill(test.Path, stored + 1, steps, spins: random.Next(60_000));

            using var store = new DocumentStore(test.Path, new RetrievalOptions(), TimeProvider.System);
            var faults = store.Check();
            Assert.True(faults.Count == 0, $"seed {Seed}, kill {kill}, step {steps}: {string.Join("; ", faults)}");
            stored = WholeBatch(store);
            Assert.True(stored >= acknowledged, $"seed {Seed}, kill {kill}: batch {acknowledged} was acknowledged, {stored} is stored");
        }

        Assert.True(stored > Kills / 2, $"only {stored} batches in {Kills} runs");
    }

    // The number of the last batch, after seeing that every document is of it.
    private static int WholeBatch(DocumentStore store)
    {
        var prints = store.Fingerprints(CrashBatch.Collection);
        if (prints.Count == 0)
        {
            return 0;
        }

        var number = int.Parse(Assert.Single(prints.Select(print => print.ContentHash).Distinct()), CultureInfo.InvariantCulture);
        string[] paths = ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt", "7.txt", "bad.pdf", CrashBatch.Moving(number)];
        Assert.Equal(paths, prints.Select(print => print.Path));
        return number;
    }

    // Batches that the child acknowledged before it was killed, at a step inside a transaction and some spins later.
    private static int RunAndKill(string path, int first, int steps, int spins)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holdfast.CrashChild.dll"), path, first.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        using var child = Process.Start(start)!;
        var pipe = child.StandardOutput.BaseStream;
        var committed = 0;
        for (var step = 0; step < steps; step++)
        {
            var read = pipe.ReadByte();
            Assert.True(read >= 0, "the child ended by itself");
            committed += read == 'C' ? 1 : 0;
        }

        Thread.SpinWait(spins);
        child.Kill();
        child.WaitForExit();
        for (var read = pipe.ReadByte(); read >= 0; read = pipe.ReadByte())
        {
            committed += read == 'C' ? 1 : 0;
        }

        return committed;
    }
}
