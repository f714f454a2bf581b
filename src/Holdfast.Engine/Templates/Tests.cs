using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>What may stand after "is".</summary>
internal static class Tests
{
    public static readonly string[] Names =
    [
        "defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number", "integer", "float", "boolean", "true", "false", "callable",
        "equalto", "eq", "==", "ne", "in", "odd", "even", "divisibleby", "sameas", "lower", "upper", "gt", "ge", "lt", "le", "greaterthan", "lessthan",
    ];

    public static bool Holds(string name, object? value, CallArguments arguments, RenderBudget budget) => name switch
    {
        "defined" => value is not Undefined,
        "undefined" => value is Undefined,
        "none" => value is null,
        "string" => value is SpanString,
        "mapping" => value is TemplateMap { IsNamespace: false },
        "iterable" => value is SpanString or List<object?> or TemplateMap { IsNamespace: false } or Undefined,
        "sequence" => value is SpanString or List<object?> or TemplateMap { IsNamespace: false } or Undefined,
        "number" => Values.IsNumber(value),
        "integer" => value is long or BigInteger,
        "float" => value is double,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "callable" => value is Callable,
        "lower" => IsCased(value, char.IsUpper, budget),
        "upper" => IsCased(value, char.IsLower, budget),
        "odd" => !Values.ToBig(value ?? 0L).IsEven,
        "even" => Values.ToBig(value ?? 0L).IsEven,
        _ => HoldsWith(name, value, arguments.Count > 0 ? arguments.Get(0, "other") : throw new RenderFault($"the test '{name}' needs a value"), budget),
    };

    private static bool IsCased(object? value, Func<char, bool> isOther, RenderBudget budget)
    {
        if (value is not SpanString text)
        {
            return false;
        }

        budget.Characters(2L * text.Text.Length);
        return text.Text.Any(char.IsLetter) && !text.Text.Any(isOther);
    }

    private static bool HoldsWith(string name, object? value, object? other, RenderBudget budget) => name switch
    {
        "equalto" or "eq" or "==" => Values.AreEqual(value, other, budget),
        "ne" => !Values.AreEqual(value, other, budget),
        "in" => Values.Contains(other, value, budget),
        "divisibleby" => Values.ToBig(other ?? 0L) is { IsZero: false } by ? (Values.ToBig(value ?? 0L) % by).IsZero : throw new RenderFault("division by zero"),
        "sameas" => value is bool or null or long or double ? Equals(value, other) : ReferenceEquals(value, other),
        "gt" or "greaterthan" => Values.Compare(value, other, budget) > 0,
        "ge" => Values.Compare(value, other, budget) >= 0,
        "lt" or "lessthan" => Values.Compare(value, other, budget) < 0,
        "le" => Values.Compare(value, other, budget) <= 0,
        _ => throw new RenderFault($"the test '{name}' is not known"),
    };
}
