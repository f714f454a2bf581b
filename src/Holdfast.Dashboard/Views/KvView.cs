using Holdfast.Abstractions.Status;

namespace Holdfast.Dashboard.Views;

/// <summary>The KV pool as drawn: runs of neighbouring blocks with one owner, row by row.</summary>
/// <param name="Pool">The snapshot itself.</param>
/// <param name="BlocksShown">Blocks drawn; the pool may have more.</param>
/// <param name="Runs">The drawing.</param>
public sealed record KvView(KvPoolSnapshot Pool, int BlocksShown, IReadOnlyList<KvRun> Runs)
{
    /// <summary>Blocks in a row.</summary>
    public const int Columns = 64;

    /// <summary>Owner of a free block.</summary>
    private const int Free = -1;

    /// <summary>Owner of a cached prefix.</summary>
    private const int Cached = -2;

    public int Rows => (BlocksShown + Columns - 1) / Columns;

    public int BlocksFree => Pool.Owners.Count(static owner => owner == Free);

    public int BlocksCached => Pool.Owners.Count(static owner => owner == Cached);

    public static KvView Of(KvPoolSnapshot pool, int blocksShownMax)
    {
        var shown = Math.Min(pool.Owners.Count, blocksShownMax);
        var runs = new List<KvRun>();
        for (var i = 0; i < shown;)
        {
            var from = i;
            var rowEnd = Math.Min(shown, (i / Columns * Columns) + Columns);
            while (i < rowEnd && pool.Owners[i] == pool.Owners[from])
            {
                i++;
            }

            runs.Add(new KvRun(from % Columns, from / Columns, i - from, ClassOf(pool.Owners[from])));
        }

        return new KvView(pool, shown, runs);
    }

    /// <summary>Five colours repeat; the table beside the map gives the same numbers in words.</summary>
    public static string ClassOf(int owner) => owner switch
    {
        Free => "free",
        Cached => "cached",
        _ => "s" + (char)('1' + (owner % 5)),
    };
}
