namespace Holdfast.Engine.Constraints;

/// <summary>
/// The numbers a schema allows, and whether the digits written so far can still become one. Values are whole multiples of
/// 10^-<see cref="FractionDigitsMax"/> held in 128 bits, so no digit is lost to rounding. Without a range the digits are bounded too:
/// a model that repeats a digit must come to an end, and 18 digits with an exponent below 100 stay within a double.
/// </summary>
internal sealed record NumberRange(bool IsWhole, Int128 Low, Int128 High)
{
    public const int WholeDigitsMax = 18;
    public const int FractionDigitsMax = 9;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, WholeDigitsMax + FractionDigitsMax + 1).Select(e => Enumerable.Repeat((Int128)10, e).Aggregate(Int128.One, (power, ten) => power * ten))];

    public static readonly Int128 Scale = 1_000_000_000;
    public static readonly Int128 Limit = Power(WholeDigitsMax) * Scale;

    /// <summary>Whether a bound is stated. Then no exponent is written, even where no number of so many digits can pass the bound.</summary>
    public bool HasRange { get; init; }

    /// <summary>Whether a value written in full is allowed.</summary>
    public bool Holds(bool isNegative, Int128 scaled) => Signed(isNegative, scaled, scaled);

    /// <summary>Whether whole digits so far, with more digits or a fraction to come, can reach an allowed value.</summary>
    public bool CanReachFromWhole(bool isNegative, Int128 value, int digits)
    {
        var span = IsWhole ? 0 : Scale - 1;
        if (digits == 0)
        {
            // A whole number is never written -0.
            return Signed(isNegative, isNegative && IsWhole ? Scale : 0, Limit - 1);
        }

        if (value == 0)
        {
            return !(isNegative && IsWhole) && Signed(isNegative, 0, span);
        }

        for (var more = 0; more + digits <= WholeDigitsMax; more++)
        {
            if (Signed(isNegative, value * Power(more) * Scale, ((((value + 1) * Power(more)) - 1) * Scale) + span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a fraction of some digits, with more to come, can reach an allowed value.</summary>
    public bool CanReachFromFraction(bool isNegative, Int128 scaled, int fractionDigits) =>
        Signed(isNegative, scaled, scaled + Power(FractionDigitsMax - fractionDigits) - 1);

    public static Int128 Power(int exponent) => Powers[exponent];

    // Does [low, high], with the sign, meet [Low, High]?
    private bool Signed(bool isNegative, Int128 low, Int128 high) => isNegative ? -high <= High && -low >= Low : low <= High && high >= Low;
}
