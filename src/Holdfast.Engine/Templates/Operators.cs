using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>The signs between two values, but for "and" and "or", which do not evaluate their right side always.</summary>
internal static class Operators
{
    /// <summary>What one repetition costs besides its characters.</summary>
    private const int RepeatCharacters = 4;

    public static object? Apply(string sign, object? left, object? right, RenderBudget budget)
    {
        switch (sign)
        {
            case "==":
                return Values.AreEqual(left, right, budget);
            case "!=":
                return !Values.AreEqual(left, right, budget);
            case "<":
                return Values.Compare(left, right, budget) < 0;
            case "<=":
                return Values.Compare(left, right, budget) <= 0;
            case ">":
                return Values.Compare(left, right, budget) > 0;
            case ">=":
                return Values.Compare(left, right, budget) >= 0;
            case "in":
                return Values.Contains(right, left, budget);
            case "not in":
                return !Values.Contains(right, left, budget);
            case "~":
                return Joined(PythonText.Of(left, budget), PythonText.Of(right, budget), budget);
            default:
                return Calculate(sign, left, right, budget);
        }
    }

    private static object? Calculate(string sign, object? left, object? right, RenderBudget budget)
    {
        switch (sign, left, right)
        {
            case ("+", SpanString a, SpanString b):
                return Joined(a, b, budget);
            case ("+", List<object?> a, List<object?> b) when a is TemplateTuple == b is TemplateTuple:
                budget.Items((long)a.Count + b.Count);
                return a is TemplateTuple ? new TemplateTuple(a.Concat(b)) : (List<object?>)[.. a, .. b];
            case ("*", SpanString or List<object?>, long or bool):
                return Repeat(left, Values.ToBig(right!), budget);
            case ("*", long or bool, SpanString or List<object?>):
                return Repeat(right, Values.ToBig(left!), budget);
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

    private static SpanString Joined(SpanString left, SpanString right, RenderBudget budget) => new SpanBuilder(budget).Append(left).Append(right).ToSpanString();

    private static object Repeat(object? value, BigInteger times, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var list = new List<object?>();
        for (var i = BigInteger.Zero; i < times && Values.IsTrue(value); i++)
        {
            budget.Characters(RepeatCharacters);
            if (value is SpanString text)
            {
                built.Append(text);
            }
            else
            {
                budget.Items(((List<object?>)value!).Count);
                list.AddRange((List<object?>)value);
            }
        }

        return value is SpanString ? built.ToSpanString() : value is TemplateTuple ? new TemplateTuple(list) : list;
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
                return right >= 0 && right <= 64 && left.GetBitLength() * (long)right <= 2L * Values.WholeBitsMax ? Values.Shrink(BigInteger.Pow(left, (int)right)) : throw new RenderFault($"'**' needs an exponent from 0 to 64 and a result of at most {Values.DigitsMax} digits");
            case "//" or "%" when right.IsZero:
                throw new RenderFault("division by zero");
            default:
                var quotient = BigInteger.DivRem(left, right, out var rest);
                var isRounded = !rest.IsZero && rest.Sign != right.Sign;
                return Values.Shrink(sign == "//" ? quotient - (isRounded ? 1 : 0) : rest + (isRounded ? right : 0));
        }
    }
}
