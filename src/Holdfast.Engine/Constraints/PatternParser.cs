using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// The part of regular expressions that is regular: characters, classes, groups, alternatives, counts, anchors at the ends. Builds an
/// automaton of edges over code points and empty edges. What is not enforced (look-around but for <see cref="PatternHeads"/>, references, \b, possessive counts)
/// is refused by name.
/// </summary>
internal sealed class PatternParser
{
    public const int StatesMax = 3000;
    private const int DepthMax = 50;

    private readonly Rune[] _pattern;
    private readonly List<(int From, int Low, int High, int To)> _edges = [];
    private readonly List<(int From, int To)> _empty = [];
    private int _place;
    private int _states;
    private int _depth;

    private PatternParser(string pattern) => _pattern = [.. pattern.EnumerateRunes()];

    public static (int Start, int End, int States, List<(int From, int Low, int High, int To)> Edges, List<(int From, int To)> Empty) Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var (start, end) = parser.ParseAlternatives();
        return parser._place == parser._pattern.Length
            ? (start, end, parser._states, parser._edges, parser._empty)
            : throw parser.Fault("')' has no beginning");
    }

    private int Now => _place < _pattern.Length ? _pattern[_place].Value : -1;

    private (int Start, int End) ParseAlternatives()
    {
        if (++_depth > DepthMax)
        {
            throw Fault($"groups are nested more than {DepthMax} deep");
        }

        var (start, end) = (NewState(), NewState());
        do
        {
            var (first, last) = ParseSequence();
            _empty.Add((start, first));
            _empty.Add((last, end));
        }
        while (Take('|'));
        _depth--;
        return (start, end);
    }

    // Only a whole alternative at the top may be anchored: a pattern without "^" or "$" may have any text on that side.
    private (int Start, int End) ParseSequence()
    {
        var start = NewState();
        var end = start;
        var isTop = _depth == 1;
        if (Now == '^')
        {
            _place++;
            isTop = _depth == 1 ? false : throw Fault("'^' inside a group");
        }

        if (isTop)
        {
            AddClass(start, start, [(0, 0x10FFFF)]);
        }

        var isOpenAtEnd = _depth == 1;
        while (Now is not (-1 or '|' or ')'))
        {
            if (Now == '$')
            {
                _place++;
                isOpenAtEnd = _depth == 1 && Now is -1 or '|' ? false : throw Fault("'$' not at the end");
                break;
            }

            var (first, last) = ParseCounted();
            _empty.Add((end, first));
            end = last;
        }

        if (isOpenAtEnd)
        {
            var tail = NewState();
            _empty.Add((end, tail));
            AddClass(tail, tail, [(0, 0x10FFFF)]);
            end = tail;
        }

        return (start, end);
    }

    private (int Start, int End) ParseCounted()
    {
        var from = _place;
        var atom = ParseAtom();
        var counted = _place;
        var (low, high) = ParseCount();

        // A lazy count looks for the shortest match first: which texts match is the same.
        _place += _place > counted && Now == '?' ? 1 : 0;
        if ((low, high) == (1, 1))
        {
            return atom;
        }

        if (Now is '+' or '*')
        {
            throw Fault("possessive counts are not supported");
        }

        // The atom is parsed again for each copy: simple, and bounded by the number of states.
        var after = _place;
        var start = NewState();
        var end = start;
        for (var i = 0; i < low; i++)
        {
            end = Append(end, from);
        }

        if (high == int.MaxValue)
        {
            var (first, last) = Copy(from);
            var exit = NewState();
            _empty.AddRange([(end, first), (last, first), (end, exit), (last, exit)]);
            end = exit;
        }
        else
        {
            var exit = NewState();
            _empty.Add((end, exit));
            for (var i = low; i < high; i++)
            {
                end = Append(end, from);
                _empty.Add((end, exit));
            }

            end = exit;
        }

        _place = after;
        return (start, end);
    }

    private int Append(int end, int from)
    {
        var (first, last) = Copy(from);
        _empty.Add((end, first));
        return last;
    }

    private (int Start, int End) Copy(int from)
    {
        _place = from;
        return ParseAtom();
    }

    private (int Low, int High) ParseCount()
    {
        switch (Now)
        {
            case '*':
                _place++;
                return (0, int.MaxValue);
            case '+':
                _place++;
                return (1, int.MaxValue);
            case '?':
                _place++;
                return (0, 1);
            case '{':
                _place++;
                var low = ParseNumber();
                var high = !Take(',') ? low : Now == '}' ? int.MaxValue : ParseNumber();
                return Take('}') && low <= high ? (low, high) : throw Fault("a count in braces is wrong");
            default:
                return (1, 1);
        }
    }

    private int ParseNumber()
    {
        var start = _place;
        var number = 0;
        while (Now is >= '0' and <= '9' && number <= StatesMax)
        {
            number = (number * 10) + (Now - '0');
            _place++;
        }

        return _place > start && number <= StatesMax ? number : throw Fault($"a count must be a number up to {StatesMax}");
    }

    private (int Start, int End) ParseAtom()
    {
        if (Take('('))
        {
            if (Take('?') && !Take(':') && !TakeName())
            {
                throw Fault("groups that begin with '(?' are not supported but for '(?:', and '(?!' and '(?=' right behind the '^' of a pattern that is no choice");
            }

            var inner = ParseAlternatives();
            return Take(')') ? inner : throw Fault("')' is missing");
        }

        var (start, end) = (NewState(), NewState());
        var unit = Now;
        if (unit is -1 or '*' or '+' or '?' or '{' or '^')
        {
            throw Fault(unit == '^' ? "'^' not at the beginning" : "a character is missing");
        }

        _place++;
        List<(int, int)> ranges = unit switch
        {
            '[' => ParseClass(),
            '.' => Invert([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]),
            '\\' => ParseEscape(),
            _ => [(unit, unit)],
        };
        AddClass(start, end, ranges);
        return (start, end);
    }

    // The name of a group, "<year>": it says nothing of what matches.
    private bool TakeName()
    {
        if (Now != '<' || _place + 1 >= _pattern.Length || !Rune.IsLetter(_pattern[_place + 1]))
        {
            return false;
        }

        while (Now is not (-1 or '>'))
        {
            _place++;
        }

        return Take('>');
    }

    private List<(int Low, int High)> ParseClass()
    {
        var isNegated = Take('^');
        var ranges = new List<(int Low, int High)>();
        while (Now != ']')
        {
            if (Now == -1)
            {
                throw Fault("']' is missing");
            }

            var first = ParseClassItem();
            if (first is [var (low, top)] && low == top && Now == '-' && _place + 1 < _pattern.Length && _pattern[_place + 1].Value != ']')
            {
                _place++;
                var high = ParseClassItem() is [var (bottom, last)] && bottom == last ? last : throw Fault("a range in a class is wrong");
                ranges.Add(low <= high ? (low, high) : throw Fault("a range in a class is wrong"));
            }
            else
            {
                ranges.AddRange(first);
            }
        }

        _place++;
        return isNegated ? Invert(ranges) : ranges;
    }

    private List<(int Low, int High)> ParseClassItem()
    {
        var unit = Now;
        _place++;
        return unit == '\\' ? ParseEscape() : [(unit, unit)];
    }

    private List<(int Low, int High)> ParseEscape()
    {
        var unit = Now;
        _place++;
        return unit switch
        {
            'd' => [('0', '9')],
            'D' => Invert([('0', '9')]),
            'w' => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            'W' => Invert([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
            's' => Spaces(),
            'S' => Invert(Spaces()),
            'n' => [('\n', '\n')],
            'r' => [('\r', '\r')],
            't' => [('\t', '\t')],
            'f' => [('\f', '\f')],
            'u' => ParseUnits(),
            'x' => ParseHex(2),
            -1 => throw Fault("an escape is not finished"),
            _ when unit < 0x80 && char.IsLetterOrDigit((char)unit) => throw Fault($"the escape '\\{(char)unit}' is not supported"),
            _ => [(unit, unit)],
        };
    }

    /// <summary>One escape, or two that are a character together.</summary>
    private List<(int Low, int High)> ParseUnits()
    {
        var first = ParseHex(4)[0].Low;
        if (first is < 0xD800 or > 0xDFFF)
        {
            return [(first, first)];
        }

        if (first <= 0xDBFF && Take('\\') && Take('u') && ParseHex(4)[0].Low is >= 0xDC00 and <= 0xDFFF and var second)
        {
            var rune = char.ConvertToUtf32((char)first, (char)second);
            return [(rune, rune)];
        }

        throw Fault("an escape is half of a surrogate pair");
    }

    private List<(int Low, int High)> ParseHex(int digits)
    {
        var text = string.Concat(_pattern.Skip(_place).Take(digits));
        _place += digits;
        return text.Length == digits && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune) ? [(rune, rune)] : throw Fault("an escape needs hexadecimal digits");
    }

    private static List<(int Low, int High)> Spaces() =>
        [('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)];

    private static List<(int Low, int High)> Invert(List<(int Low, int High)> ranges)
    {
        var inverted = new List<(int Low, int High)>();
        var from = 0;
        foreach (var (low, high) in ranges.Order())
        {
            if (low > from)
            {
                inverted.Add((from, low - 1));
            }

            from = Math.Max(from, high + 1);
        }

        if (from <= 0x10FFFF)
        {
            inverted.Add((from, 0x10FFFF));
        }

        return inverted;
    }

    private void AddClass(int from, int to, List<(int Low, int High)> ranges)
    {
        foreach (var (low, high) in ranges)
        {
            _edges.Add((from, low, high, to));
        }
    }

    private bool Take(int unit)
    {
        if (Now != unit)
        {
            return false;
        }

        _place++;
        return true;
    }

    private int NewState() => _states < StatesMax ? _states++ : throw Fault($"it needs more than {StatesMax} states");

    private SchemaFault Fault(string message) => new($"'pattern': {message}, at character {_place + 1} of {string.Concat(_pattern)}");
}
