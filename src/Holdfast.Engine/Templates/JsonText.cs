using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>
/// The filter tojson as Hugging Face has it: Python's json.dumps with ensure_ascii off unless asked, no HTML escapes.
/// Texts keep their origins; marks and numbers are the template's own only when it is a template's text around them, so they count as the caller's.
/// </summary>
internal sealed class JsonText
{
    private const int DepthMax = 64;

    private readonly SpanBuilder _built;
    private readonly bool _isAscii;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private readonly bool _isSorted;

    private JsonText(CallArguments arguments, RenderBudget budget)
    {
        _built = new SpanBuilder(budget);
        _isAscii = Values.IsTrue(arguments.Get(0, "ensure_ascii", false));
        _indent = arguments.Get(1, "indent") switch
        {
            null => null,
            long width => new string(' ', (int)Math.Clamp(width, 0, 16)),
            SpanString text => text.Text,
            _ => throw new RenderFault("tojson: 'indent' must be a whole number"),
        };
        _itemSeparator = _indent is null ? ", " : ",";
        _keySeparator = ": ";
        if (arguments.Get(2, "separators") is List<object?> { Count: 2 } separators && separators[0] is SpanString item && separators[1] is SpanString key)
        {
            (_itemSeparator, _keySeparator) = (item.Text, key.Text);
        }

        _isSorted = Values.IsTrue(arguments.Get(3, "sort_keys", false));
    }

    public static SpanString Of(object? value, CallArguments arguments, RenderBudget budget)
    {
        var json = new JsonText(arguments, budget);
        json.Write(value, 0);
        return json._built.ToSpanString();
    }

    private void Write(object? value, int depth)
    {
        if (depth > DepthMax)
        {
            throw new RenderFault($"a value is nested more than {DepthMax} deep");
        }

        switch (value)
        {
            case SpanString text:
                WriteQuoted(text);
                break;
            case List<object?> list:
                WriteBlock('[', ']', depth, list.Count, i => Write(list[i], depth + 1));
                break;
            case TemplateMap map:
                var entries = (_isSorted ? map.Entries.OrderBy(e => Key(e.Key).Text, StringComparer.Ordinal) : map.Entries).ToArray();
                WriteBlock('{', '}', depth, entries.Length, i =>
                {
                    WriteQuoted(Key(entries[i].Key));
                    _built.Append(_keySeparator, false);
                    Write(entries[i].Value, depth + 1);
                });
                break;
            default:
                _built.Append(Scalar(value), false);
                break;
        }
    }

    // Python writes a key that is no text as the JSON of its value, in quotes.
    private static SpanString Key(object? key) => key as SpanString ?? SpanString.Caller(Scalar(key));

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        double number => double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : PythonText.Number(number),
        _ => throw new RenderFault($"tojson: {Values.NameOf(value)} has no JSON form"),
    };

    private void WriteBlock(char open, char close, int depth, int count, Action<int> writeItem)
    {
        _built.Append([open], false);
        for (var i = 0; i < count; i++)
        {
            _built.Append(i > 0 ? _itemSeparator : "", false);
            WriteLineBreak(depth + 1);
            writeItem(i);
        }

        if (count > 0)
        {
            WriteLineBreak(depth);
        }

        _built.Append([close], false);
    }

    private void WriteLineBreak(int depth)
    {
        if (_indent is not null)
        {
            _built.Append("\n", false);
            for (var i = 0; i < depth; i++)
            {
                _built.Append(_indent, false);
            }
        }
    }

    private void WriteQuoted(SpanString text)
    {
        _built.Append("\"", false);
        var start = 0;
        for (var i = 0; i < text.Text.Length; i++)
        {
            var escaped = Escape(text.Text[i]);
            if (escaped is not null)
            {
                _built.Append(text, start, i).Append(escaped, text.IsTemplateAt(i));
                start = i + 1;
            }
        }

        _built.Append(text, start, text.Text.Length).Append("\"", false);
    }

    private string? Escape(char unit) => unit switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => $"\\u{(int)unit:x4}",
        > '\x7f' when _isAscii => $"\\u{(int)unit:x4}",
        _ => null,
    };
}
