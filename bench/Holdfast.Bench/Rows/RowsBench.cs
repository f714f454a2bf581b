using System.Text.Json;
using Holdfast.Engine.Measuring;

namespace Holdfast.Bench.Rows;

/// <summary>
/// The figures that need no peer: loading, memory, prefix hits, bandwidth and the company of a busy neighbour. Each row of each file is
/// measured in a process of its own: what one leaves in the allocator would flatter the memory of the next.
/// </summary>
internal static class RowsBench
{
    private static readonly string[] Known = ["load", "memory", "prefix", "bandwidth", "hog"];

    public static int Run(string[] arguments)
    {
        var rows = Array.Find(arguments, a => a.StartsWith("rows=", StringComparison.Ordinal))?["rows=".Length..].Split(',') ?? Known;
        string[] files = [.. arguments.Where(a => !a.Contains('=', StringComparison.Ordinal))];
        if (files.Length == 0 || rows.Except(Known).Any())
        {
            Console.Error.WriteLine($"usage: Holdfast.Bench rows FILE.gguf... [rows={string.Join(',', Known)}]");
            return 2;
        }

        Console.WriteLine(MachineLine.Now());
        List<FigureRow> found = [];
        foreach (var file in files)
        {
            foreach (var row in rows)
            {
                found.AddRange(JsonSerializer.Deserialize<FigureRow[]>(ChildProgram.Run(Environment.ProcessPath!, ["row", row, file]))!);
            }
        }

        Console.WriteLine("| model | row | measured | target |\n| --- | --- | --- | --- |");
        found.ForEach(r => Console.WriteLine(r.ToTableLine()));
        Console.WriteLine(MachineLine.Load());
        return found.All(r => r.Holds) ? 0 : 1;
    }

    /// <summary>The child's side: prints the rows as JSON.</summary>
    public static async Task<int> RunOneAsync(string row, string file)
    {
        Console.WriteLine(JsonSerializer.Serialize(await MeasureAsync(row, file)));
        return 0;
    }

    private static async Task<IReadOnlyList<FigureRow>> MeasureAsync(string row, string file)
    {
        var inspection = ModelInspection.Of(file);
        if (row is "memory" or "prefix" && inspection.Vocabulary is null)
        {
            Console.Error.WriteLine($"{Path.GetFileName(file)}: {row} needs a vocabulary, and the file has none");
            return [];
        }

        return row switch
        {
            "load" => [LoadRow.Measure(file)],
            "memory" => await MemoryRow.MeasureAsync(file, inspection),
            "prefix" => await PrefixRow.MeasureAsync(file),
            "bandwidth" => [BandwidthRow.Measure(file)],
            _ => [HogRow.Measure(file)],
        };
    }
}
