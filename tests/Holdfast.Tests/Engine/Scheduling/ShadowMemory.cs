using Holdfast.Engine.Scheduling;

namespace Holdfast.Tests.Engine.Scheduling;

/// <summary>
/// What a real KV memory would hold: in each place of each block the beginning of the text whose last token was computed there. A run
/// reads the places of everything before it, and all of them must hold its own text's beginnings.
/// </summary>
internal sealed class ShadowMemory(int blocks)
{
    private const int BlockTokens = 16;

    private readonly ulong[] _places = new ulong[blocks * BlockTokens];
    private readonly Dictionary<Sequence, List<ulong>> _beginnings = [];

    public void Compute(PlannedRun run)
    {
        var sequence = run.Sequence;
        var beginnings = Beginnings(sequence);
        for (var p = 0; p < run.Position; p++)
        {
            if (_places[Place(sequence, p)] != beginnings[p])
            {
                Assert.Fail($"sequence {sequence.Number} reads position {p} from block {sequence.Blocks[p / BlockTokens]}, where something else stands");
            }
        }

        for (var p = run.Position; p < run.Position + run.Tokens; p++)
        {
            _places[Place(sequence, p)] = beginnings[p];
        }
    }

    private static int Place(Sequence sequence, int position) => sequence.Blocks[position / BlockTokens] * BlockTokens + position % BlockTokens;

    /// <summary>A number for each beginning of the text, one token longer each.</summary>
    private List<ulong> Beginnings(Sequence sequence)
    {
        if (!_beginnings.TryGetValue(sequence, out var known))
        {
            _beginnings[sequence] = known = [];
        }

        while (known.Count < sequence.Tokens.Count)
        {
            var before = known.Count == 0 ? 14695981039346656037 : known[^1];
            known.Add((before ^ (uint)sequence.Tokens[known.Count] + 1) * 1099511628211);
        }

        return known;
    }
}
