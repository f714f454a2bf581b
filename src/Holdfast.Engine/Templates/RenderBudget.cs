using System.Runtime.CompilerServices;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Counts what a rendering has used. Whoever walks over a value pays for it here before it does: a template must not find an operation
/// that costs more than its steps say. Ends the rendering as well when its client has left.
/// </summary>
internal sealed class RenderBudget(RenderLimits limits, CancellationToken cancellationToken = default)
{
    /// <summary>Characters that are looked at or copied for the price of one step.</summary>
    private const int StepCharacters = 16;

    private long _spent;
    private int _depth;

    public void Step() => Spend(StepCharacters);

    public void Items(long count) => Spend(count * StepCharacters);

    /// <summary>Characters that are read, searched or compared.</summary>
    public void Characters(long count) => Spend(count);

    /// <summary>A text grows: strings that double in a loop end here and not in memory.</summary>
    public void Build(long length, int more)
    {
        if (length + more > limits.CharactersMax)
        {
            throw new RenderFault($"the template builds a text of more than {limits.CharactersMax} characters") { IsLimit = true };
        }

        Spend(more);
    }

    public void Enter()
    {
        if (++_depth > limits.DepthMax)
        {
            throw new RenderFault($"the template goes more than {limits.DepthMax} deep") { IsLimit = true };
        }

        NeedStack();
    }

    public void Leave() => _depth--;

    /// <summary>Macros within long expressions take more stack than their depth says, and a stack that overflows ends the process.</summary>
    public static void NeedStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new RenderFault("the template goes too deep: its macros and expressions take more than the stack") { IsLimit = true };
        }
    }

    private void Spend(long characters)
    {
        var before = _spent;
        _spent += characters;
        if (_spent > (long)limits.StepsMax * StepCharacters)
        {
            throw new RenderFault($"the template takes more than {limits.StepsMax} steps") { IsLimit = true };
        }

        if (before >> 14 != _spent >> 14)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
