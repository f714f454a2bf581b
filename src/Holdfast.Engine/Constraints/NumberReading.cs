namespace Holdfast.Engine.Constraints;

/// <summary>The part of <see cref="ByteMachine"/> that reads numbers.</summary>
internal static class NumberReading
{
    // Without a range: enough for every double, and an end for a model that repeats a digit.
    private const int FreeFractionDigitsMax = 17;
    private const int ExponentDigitsMax = 2;

    public static void Start(NumberRange range, in Config at, byte unit, ConfigSet next)
    {
        if (unit == '-' && range.CanReachFromWhole(isNegative: true, 0, 0))
        {
            next.Add(new Config(at.Parent, at.Node, Phase.Minus, 0, 1));
        }
        else
        {
            TryStep(range, new Config(at.Parent, at.Node, Phase.Minus), unit, next);
        }
    }

    /// <summary>False when the byte is not part of the number.</summary>
    public static bool TryStep(NumberRange range, in Config at, byte unit, ConfigSet next)
    {
        var isDigit = unit is >= (byte)'0' and <= (byte)'9';
        var digit = unit - '0';
        switch (at.Phase)
        {
            case Phase.Minus when isDigit:
            case Phase.Whole when isDigit && at.V != 0 && at.A < NumberRange.WholeDigitsMax:
                return AddIf(range.CanReachFromWhole(at.B == 1, (at.V * 10) + digit, at.A + 1), at with { Phase = Phase.Whole, A = at.A + 1, V = (at.V * 10) + digit }, next);
            case Phase.Whole when unit == '.' && !range.IsWhole:
                var scaled = at.V * NumberRange.Scale;
                return AddIf(range.CanReachFromFraction(at.B == 1, scaled, 0), at with { Phase = Phase.Point, A = 0, V = scaled }, next);
            case Phase.Point or Phase.Fraction when isDigit && range.HasRange && at.A < NumberRange.FractionDigitsMax:
                var value = at.V + (digit * NumberRange.Power(NumberRange.FractionDigitsMax - at.A - 1));
                return AddIf(range.CanReachFromFraction(at.B == 1, value, at.A + 1), at with { Phase = Phase.Fraction, A = at.A + 1, V = value }, next);
            case Phase.Point or Phase.Fraction when isDigit && !range.HasRange && at.A < FreeFractionDigitsMax:
                return AddIf(true, at with { Phase = Phase.Fraction, A = at.A + 1, V = 0 }, next);
            case Phase.Whole or Phase.Fraction when unit is (byte)'e' or (byte)'E' && !range.IsWhole && !range.HasRange:
                return AddIf(true, new Config(at.Parent, at.Node, Phase.Exponent), next);
            case Phase.Exponent when unit is (byte)'+' or (byte)'-':
                return AddIf(true, at with { Phase = Phase.ExponentSign }, next);
            case Phase.Exponent or Phase.ExponentSign or Phase.ExponentDigits when isDigit && at.A < ExponentDigitsMax:
                return AddIf(true, at with { Phase = Phase.ExponentDigits, A = at.A + 1 }, next);
            default:
                return false;
        }
    }

    public static bool IsComplete(NumberRange range, in Config at) => at.Phase switch
    {
        Phase.Whole => range.Holds(at.B == 1, at.V * NumberRange.Scale),
        Phase.Fraction => !range.HasRange || range.Holds(at.B == 1, at.V),
        Phase.ExponentDigits => true,
        _ => false,
    };

    private static bool AddIf(bool isPossible, in Config config, ConfigSet next)
    {
        if (isPossible)
        {
            next.Add(config);
        }

        return isPossible;
    }
}
