using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>Python's idea of truth, equality, order, length and items of a value.</summary>
internal static class Values
{
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

    public static bool AreEqual(object? left, object? right)
    {
        switch (left, right)
        {
            case (SpanString a, SpanString b):
                return a.Text == b.Text;
            case (List<object?> a, List<object?> b):
                return a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second));
            case (TemplateMap a, TemplateMap b):
                return a.Count == b.Count && a.Entries.All(e => b.TryGet(e.Key, out var other) && AreEqual(e.Value, other));
            case (null, null) or (Undefined, Undefined):
                return true;
            default:
                return IsNumber(left) && IsNumber(right) ? CompareNumbers(left!, right!) == 0 : ReferenceEquals(left, right);
        }
    }

    /// <summary>Below 0, 0 or above 0; a fault for values that have no order.</summary>
    public static int Compare(object? left, object? right)
    {
        if (left is SpanString a && right is SpanString b)
        {
            return string.CompareOrdinal(a.Text, b.Text);
        }

        if (IsNumber(left) && IsNumber(right))
        {
            return CompareNumbers(left!, right!);
        }

        if (left is List<object?> one && right is List<object?> other)
        {
            for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
            {
                if (!AreEqual(one[i], other[i]))
                {
                    return Compare(one[i], other[i]);
                }
            }

            return one.Count.CompareTo(other.Count);
        }

        throw new RenderFault($"{NameOf(left)} and {NameOf(right)} have no order");
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

    /// <summary>A long where it fits.</summary>
    public static object Shrink(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    public static long LengthOf(object? value) => value switch
    {
        Undefined => 0,
        SpanString text => text.Length,
        List<object?> list => list.Count,
        TemplateMap map => map.Count,
        _ => throw new RenderFault($"{NameOf(value)} has no length"),
    };

    public static IEnumerable<object?> Items(object? value) => value switch
    {
        Undefined => [],
        SpanString text => text.Runes(),
        List<object?> list => list,
        TemplateMap map => map.Entries.Select(e => e.Key),
        _ => throw new RenderFault($"{NameOf(value)} has no items"),
    };

    public static bool Contains(object? whole, object? part) => whole switch
    {
        SpanString text => part is SpanString sought && text.Text.Contains(sought.Text, StringComparison.Ordinal),
        TemplateMap map => map.Has(part),
        Undefined => false,
        _ => Items(whole).Any(item => AreEqual(item, part)),
    };

    public static string NameOf(object? value) => value switch
    {
        null => "none",
        Undefined missing => $"'{missing.Name}' (undefined)",
        bool => "a flag",
        long or BigInteger => "a whole number",
        double => "a number",
        SpanString => "a text",
        List<object?> => "a list",
        TemplateMap => "a mapping",
        _ => "a function",
    };

    private static int CompareNumbers(object left, object right) => left is double || right is double
        ? ToDouble(left).CompareTo(ToDouble(right))
        : ToBig(left).CompareTo(ToBig(right));
}
