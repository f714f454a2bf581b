namespace Holdfast.Engine.Constraints;

/// <summary>One configuration set for each byte of the longest token; one walk uses them at a time.</summary>
internal sealed class WalkBuffers
{
    private readonly List<ConfigSet> _sets = [];

    public List<ConfigSet> Need(int count)
    {
        while (_sets.Count < count)
        {
            _sets.Add(new ConfigSet());
        }

        return _sets;
    }
}
