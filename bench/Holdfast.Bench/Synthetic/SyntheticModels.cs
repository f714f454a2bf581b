using System.Diagnostics;
using System.Globalization;

namespace Holdfast.Bench.Synthetic;

/// <summary>Writes model files for the engine's figures to a folder. Files that are there stay.</summary>
internal static class SyntheticModels
{
    public static int Run(string[] arguments)
    {
        string? Option(string name) => Array.Find(arguments, a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        var shapes = Option("shapes")?.Split(',') ?? [.. SyntheticShape.All.Select(s => s.Name)];
        var mixes = Option("types")?.Split(',') ?? [.. QuantMix.Usual];
        var folder = arguments.FirstOrDefault(a => !a.Contains('=', StringComparison.Ordinal));
        var known = shapes.All(n => SyntheticShape.All.Any(s => s.Name == n)) && mixes.All(m => QuantMix.BaseType(m) is not null);
        if (folder is null || !known)
        {
            Console.Error.WriteLine($"usage: Holdfast.Bench models FOLDER [shapes={string.Join(',', SyntheticShape.All.Select(s => s.Name))}] [types={string.Join(',', QuantMix.Usual)} or a tensor type] [seed=N]");
            return 2;
        }

        var seed = ulong.Parse(Option("seed") ?? "1", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(folder);
        foreach (var shape in SyntheticShape.All.Where(s => shapes.Contains(s.Name)))
        {
            foreach (var mix in mixes)
            {
                WriteOnce(Path.Combine(folder, $"{shape.Name}.{mix}.gguf"), shape, mix, seed);
            }
        }

        return 0;
    }

    private static void WriteOnce(string path, SyntheticShape shape, string mix, ulong seed)
    {
        if (File.Exists(path))
        {
            Console.WriteLine($"{path}: is there");
            return;
        }

        var watch = Stopwatch.StartNew();
        var part = path + ".part";
        using (var stream = File.Create(part))
        {
            new SyntheticModelWriter(shape, mix, seed).Write(stream);
        }

        File.Move(part, path);
        Console.WriteLine($"{path}: {new FileInfo(path).Length / 1e6:f1} MB in {watch.Elapsed.TotalSeconds:f1} s");
    }
}
