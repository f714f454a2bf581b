namespace Holdfast.Engine.Templates;

/// <summary>Counts what a rendering has used.</summary>
internal sealed class RenderBudget(RenderLimits limits)
{
    private int _steps;
    private int _depth;

    public void Step()
    {
        if (++_steps > limits.StepsMax)
        {
            throw new RenderFault($"the template takes more than {limits.StepsMax} steps");
        }
    }

    /// <summary>A text was built: strings that double in a loop end here and not in memory.</summary>
    public void Built(int characters)
    {
        if (characters > limits.CharactersMax)
        {
            throw new RenderFault($"the template builds a text of more than {limits.CharactersMax} characters");
        }

        _steps = (int)Math.Min(int.MaxValue - 1L, _steps + (characters / 16L));
        Step();
    }

    public void Enter()
    {
        if (++_depth > limits.DepthMax)
        {
            throw new RenderFault($"the template goes more than {limits.DepthMax} deep");
        }
    }

    public void Leave() => _depth--;
}
