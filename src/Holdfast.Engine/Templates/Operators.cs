using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>The signs between two values, but for "and" and "or", which do not evaluate their right side always.</summary>
internal static class Operators
{
    private const int RepeatMax = 100_000;

    public static object? Apply(string sign, object? left, object? right)
    {
        switch (sign)
        {
            case "==":
                return Values.AreEqual(left, right);
            case "!=":
                return !Values.AreEqual(left, right);
            case "<":
                return Values.Compare(left, right) < 0;
            case "<=":
                return Values.Compare(left, right) <= 0;
            case ">":
                return Values.Compare(left, right) > 0;
            case ">=":
                return Values.Compare(left, right) >= 0;
            case "in":
                return Values.Contains(right, left);
            case "not in":
                return !Values.Contains(right, left);
            case "~":
                return PythonText.Of(left) + PythonText.Of(right);
            default:
                return Calculate(sign, left, right);
        }
    }

    private static object? Calculate(string sign, object? left, object? right)
    {
        switch (sign, left, right)
        {
            case ("+", SpanString a, SpanString b):
                return a + b;
            case ("+", List<object?> a, List<object?> b):
                return (List<object?>)[.. a, .. b];
            case ("*", SpanString a, long times) when times <= RepeatMax:
                return TextMethods.Join(SpanString.Empty, Enumerable.Repeat<object?>(a, (int)Math.Max(0, times)));
        }

        if (!Values.IsNumber(left) || !Values.IsNumber(right))
        {
            throw new RenderFault($"'{sign}' cannot join {Values.NameOf(left)} and {Values.NameOf(right)}");
        }

        if (sign == "/" || left is double || right is double)
        {
            return Fractions(sign, Values.ToDouble(left!), Values.ToDouble(right!));
        }

        return Wholes(sign, Values.ToBig(left!), Values.ToBig(right!));
    }

    private static double Fractions(string sign, double left, double right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Math.Pow(left, right),
        _ when right == 0 => throw new RenderFault("division by zero"),
        "/" => left / right,
        "//" => Math.Floor(left / right),
        _ => left - (Math.Floor(left / right) * right),
    };

    // Python rounds "//" down and gives "%" the sign of the divisor.
    private static object Wholes(string sign, BigInteger left, BigInteger right)
    {
        switch (sign)
        {
            case "+":
                return Values.Shrink(left + right);
            case "-":
                return Values.Shrink(left - right);
            case "*":
                return Values.Shrink(left * right);
            case "**":
                return right >= 0 && right <= 64 ? Values.Shrink(BigInteger.Pow(left, (int)right)) : throw new RenderFault("'**' needs an exponent from 0 to 64");
            case "//" or "%" when right.IsZero:
                throw new RenderFault("division by zero");
            default:
                var quotient = BigInteger.DivRem(left, right, out var rest);
                var isRounded = !rest.IsZero && rest.Sign != right.Sign;
                return Values.Shrink(sign == "//" ? quotient - (isRounded ? 1 : 0) : rest + (isRounded ? right : 0));
        }
    }
}
