using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>Values as Python's <c>str</c> and <c>repr</c> write them, with origins: what stood in a text keeps its own, the rest counts as the caller's.</summary>
internal static class PythonText
{
    private const int DepthMax = 64;

    public static SpanString Of(object? value, RenderBudget budget) => value switch
    {
        SpanString text => text,
        Undefined => SpanString.Empty,
        _ => Build(value, budget),
    };

    public static string Number(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        var magnitude = Math.Abs(value);
        if (magnitude != 0 && (magnitude >= 1e16 || magnitude < 1e-4))
        {
            // 1E+16 and 1.5E-05 become 1e+16 and 1.5e-05.
            return value.ToString("R", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal)
                ? text.Replace('E', 'e')
                : value.ToString("0.################e+00", CultureInfo.InvariantCulture);
        }

        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        plain = plain.Contains('E', StringComparison.Ordinal) ? value.ToString("0.####################", CultureInfo.InvariantCulture) : plain;
        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
    }

    private static SpanString Build(object? value, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        Write(value, built, 0);
        return built.ToSpanString();
    }

    private static void Write(object? value, SpanBuilder built, int depth)
    {
        if (depth > DepthMax)
        {
            throw new RenderFault($"a value is nested more than {DepthMax} deep");
        }

        switch (value)
        {
            case SpanString text when depth > 0:
                WriteQuoted(text, built);
                break;
            case SpanString text:
                built.Append(text);
                break;
            case List<object?> list:
                built.Append(list is TemplateTuple ? "(" : "[", false);
                for (var i = 0; i < list.Count; i++)
                {
                    built.Append(i > 0 ? ", " : "", false);
                    Write(list[i], built, depth + 1);
                }

                built.Append(list is not TemplateTuple ? "]" : list.Count == 1 ? ",)" : ")", false);
                break;
            case TemplateMap map:
                built.Append("{", false);
                var isFirst = true;
                foreach (var (key, item) in map.Entries)
                {
                    built.Append(isFirst ? "" : ", ", false);
                    isFirst = false;
                    Write(key, built, depth + 1);
                    built.Append(": ", false);
                    Write(item, built, depth + 1);
                }

                built.Append("}", false);
                break;
            case Undefined when depth > 0:
                built.Append("Undefined", false);
                break;
            default:
                built.Append(Scalar(value), false);
                break;
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "None",
        Undefined => "",
        bool flag => flag ? "True" : "False",
        double number => Number(number),
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        Callable callable => throw new RenderFault($"'{callable.Name}' is a function and cannot be printed"),
        _ => value.ToString() ?? "",
    };

    private static void WriteQuoted(SpanString text, SpanBuilder built)
    {
        var quote = text.Text.Contains('\'', StringComparison.Ordinal) && !text.Text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        built.Append([quote], false);
        for (var i = 0; i < text.Text.Length; i++)
        {
            var unit = text.Text[i];
            var escaped = unit switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when unit == quote => $"\\{quote}",
                < ' ' or '\x7f' => $"\\x{(int)unit:x2}",
                _ => unit.ToString(),
            };
            built.Append(escaped, text.IsTemplateAt(i));
        }

        built.Append([quote], false);
    }
}
