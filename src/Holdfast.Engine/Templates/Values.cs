using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>Python's idea of truth, equality, order, length and items of a value.</summary>
internal static class Values
{
    /// <summary>Decimal digits of a whole number: Python's own bound for reading and printing one.</summary>
    public const int DigitsMax = 4300;

    /// <summary>Bits of 4,300 digits.</summary>
    public const int WholeBitsMax = 14_285;

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long whole => whole != 0,
        double number => number != 0,
        BigInteger big => !big.IsZero,
        SpanString text => text.Text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap { IsNamespace: false } map => map.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right, RenderBudget budget)
    {
        budget.Step();
        switch (left, right)
        {
            case (SpanString a, SpanString b):
                budget.Characters(a.Text.Length == b.Text.Length ? a.Text.Length : 0);
                return a.Text == b.Text;
            case (List<object?> a, List<object?> b):
                budget.Enter();
                var areEqual = a.Count == b.Count && a is TemplateTuple == b is TemplateTuple && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, budget));
                budget.Leave();
                return areEqual;
            case (TemplateMap a, TemplateMap b):
                budget.Enter();
                areEqual = a.Count == b.Count && a.Entries.All(e => b.TryGet(Key(e.Key, budget), out var other) && AreEqual(e.Value, other, budget));
                budget.Leave();
                return areEqual;
            case (null, null) or (Undefined, Undefined):
                return true;
            default:
                return IsNumber(left) && IsNumber(right) ? CompareNumbers(left!, right!) == 0 : ReferenceEquals(left, right);
        }
    }

    /// <summary>Below 0, 0 or above 0; a fault for values that have no order.</summary>
    public static int Compare(object? left, object? right, RenderBudget budget)
    {
        budget.Step();
        if (left is SpanString a && right is SpanString b)
        {
            budget.Characters(Math.Min(a.Text.Length, b.Text.Length));
            return string.CompareOrdinal(a.Text, b.Text);
        }

        if (IsNumber(left) && IsNumber(right))
        {
            return CompareNumbers(left!, right!);
        }

        if (left is List<object?> one && right is List<object?> other && one is TemplateTuple == other is TemplateTuple)
        {
            budget.Enter();
            var order = CompareItems(one, other, budget);
            budget.Leave();
            return order;
        }

        throw new RenderFault($"{NameOf(left)} and {NameOf(right)} have no order");
    }

    /// <summary>The value as a key: whoever looks one up pays for its length.</summary>
    public static object? Key(object? key, RenderBudget budget)
    {
        budget.Characters(key is SpanString text ? text.Text.Length : 0);
        return key;
    }

    public static bool IsNumber(object? value) => value is bool or long or double or BigInteger;

    public static double ToDouble(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        BigInteger big => (double)big,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    public static BigInteger ToBig(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long whole => whole,
        BigInteger big => big,
        _ => throw new RenderFault($"{NameOf(value)} is not a whole number"),
    };

    /// <summary>A long where it fits. Larger numbers are bounded as Python bounds those it prints: squares of squares would fill the memory.</summary>
    public static object Shrink(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value
        : value.GetBitLength() <= WholeBitsMax ? value
        : throw new RenderFault($"a whole number has more than {DigitsMax} digits");

    public static long LengthOf(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case Undefined:
                return 0;
            case SpanString text:
                budget.Characters(text.Text.Length);
                return text.Length;
            case List<object?> list:
                return list.Count;
            case TemplateMap map:
                return map.Count;
            default:
                throw new RenderFault($"{NameOf(value)} has no length");
        }
    }

    public static IEnumerable<object?> Items(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case Undefined:
                return [];
            case SpanString text:
                budget.Items(text.Text.Length);
                return text.Runes();
            case List<object?> list:
                budget.Items(list.Count);
                return list;
            case TemplateMap map:
                budget.Items(map.Count);
                return map.Entries.Select(e => e.Key);
            default:
                throw new RenderFault($"{NameOf(value)} has no items");
        }
    }

    public static bool Contains(object? whole, object? part, RenderBudget budget) => whole switch
    {
        SpanString text => part is SpanString sought ? TextSearch.IndexOf(text.Text, sought.Text, 0, budget) >= 0 : throw new RenderFault($"{NameOf(part)} cannot be looked for in a text"),
        TemplateMap map => map.Has(Key(part, budget)),
        Undefined => false,
        List<object?> list => list.Exists(item => AreEqual(item, part, budget)),
        _ => throw new RenderFault($"{NameOf(whole)} has no items"),
    };

    public static string NameOf(object? value) => value switch
    {
        null => "none",
        Undefined missing => $"'{missing.Name}' (undefined)",
        bool => "a flag",
        long or BigInteger => "a whole number",
        double => "a number",
        SpanString => "a text",
        TemplateTuple => "a tuple",
        List<object?> => "a list",
        TemplateMap => "a mapping",
        _ => "a function",
    };

    private static int CompareItems(List<object?> one, List<object?> other, RenderBudget budget)
    {
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (!AreEqual(one[i], other[i], budget))
            {
                return Compare(one[i], other[i], budget);
            }
        }

        return one.Count.CompareTo(other.Count);
    }

    private static int CompareNumbers(object left, object right) => left is double || right is double
        ? ToDouble(left).CompareTo(ToDouble(right))
        : ToBig(left).CompareTo(ToBig(right));
}
