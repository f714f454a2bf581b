using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// The patterns of one request: equal ones are compiled once, and what all of them cost together is bounded, so that a request whose
/// client has gone is soon done with too. At the bound 0.2 to 0.5 s of a shared core of an AMD EPYC are spent, 10 to 25 ns a state or edge.
/// </summary>
internal sealed class PatternStore(WritableText writable)
{
    /// <summary>States and edges looked at: a pattern of nested counts would take minutes.</summary>
    public const long PatternWorkMax = 10_000_000;

    public const long RequestWorkMax = 20_000_000;

    private readonly Dictionary<(string Pattern, string? Besides), PatternAutomaton> _automata = [];
    private long _patternWork;

    public long Work { get; private set; }

    public PatternAutomaton Get(string place, string pattern) =>
        Get(place, pattern, null, spend => Compile(pattern, PatternHeads.Of(pattern), spend));

    /// <summary>What matches both.</summary>
    public PatternAutomaton GetBoth(string place, string pattern, string besides)
    {
        var (one, other) = (Get(place, pattern), Get(place, besides));
        return Get(place, pattern, besides, spend => PatternProduct.OfBoth(one, other, spend) ?? throw new SchemaFault($"no text matches 'pattern' and is of the 'format': {pattern}"));
    }

    private PatternAutomaton Get(string place, string pattern, string? besides, Func<Action<long>, PatternAutomaton> compile)
    {
        if (_automata.TryGetValue((pattern, besides), out var known))
        {
            return known;
        }

        _patternWork = 0;
        try
        {
            return _automata[(pattern, besides)] = compile(work => Spend(pattern, work));
        }
        catch (SchemaFault fault)
        {
            throw new SchemaFault($"{place}: {fault.Message}");
        }
    }

    private PatternAutomaton Compile(string pattern, PatternHeads heads, Action<long> spend)
    {
        var automaton = PatternCompiler.Compile(heads.Rest, writable, spend);
        foreach (var (isForbidden, head) in heads.Heads)
        {
            var other = PatternCompiler.Compile(head, writable, spend);
            automaton = (isForbidden ? PatternProduct.Without(automaton, other, spend) : PatternProduct.OfBoth(automaton, other, spend))
                ?? throw new SchemaFault($"'pattern' matches no text: {pattern}");
        }

        return automaton;
    }

    private void Spend(string pattern, long work)
    {
        _patternWork += work;
        Work += work;
        if (_patternWork > PatternWorkMax)
        {
            throw new SchemaFault($"'pattern' takes too much work to enforce: {pattern}");
        }

        if (Work > RequestWorkMax)
        {
            throw new SchemaFault($"the request's patterns take too much work to enforce, all together; use fewer of them or simpler ones ({_automata.Count} were compiled before {pattern})");
        }
    }
}
