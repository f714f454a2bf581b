using System.Text;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Cuts template source into lexemes as Jinja does with trim_blocks and lstrip_blocks, which is how chat templates are written:
/// a line that holds only a block leaves no trace, one line break after a block goes, "-" strips all space on its side.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] Signs =
    [
        "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|", ";",
    ];

    private const int NameMax = 256;

    private readonly string _source;
    private readonly List<Lexeme> _lexemes = [];
    private int _place;
    private bool _dropsLineBreak;
    private bool _stripsNext;

    private Lexer(string source) => _source = source;

    public static List<Lexeme> Cut(string source)
    {
        var lexer = new Lexer(source);
        while (lexer._place < source.Length)
        {
            lexer.ReadText();
            lexer.ReadTag();
        }

        lexer._lexemes.Add(new Lexeme(LexemeKind.End, "end of template", source.Length));
        return lexer._lexemes;
    }

    /// <summary>One kind of line break, and none at the very end: as Jinja reads a template.</summary>
    public static string Normalise(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    private void ReadText()
    {
        var start = _place;
        var end = start;
        while (end < _source.Length && !(_source[end] == '{' && end + 1 < _source.Length && _source[end + 1] is '{' or '%' or '#'))
        {
            end++;
        }

        _place = end;
        var text = _source.AsSpan(start, end - start);
        if (_dropsLineBreak && text.StartsWith("\n"))
        {
            text = text[1..];
            start++;
        }

        text = _stripsNext ? text.TrimStart() : text;
        text = StripEnd(text, start, end);
        (_dropsLineBreak, _stripsNext) = (false, false);
        if (text.Length > 0)
        {
            _lexemes.Add(new Lexeme(LexemeKind.Text, text.ToString(), start));
        }
    }

    // "{%-" strips all space before; "{%" and "{#" strip the spaces of an otherwise empty line unless "{%+".
    private ReadOnlySpan<char> StripEnd(ReadOnlySpan<char> text, int start, int end)
    {
        if (end + 2 >= _source.Length)
        {
            return text;
        }

        var mark = _source[end + 2];
        if (mark == '-')
        {
            return text.TrimEnd();
        }

        if (_source[end + 1] == '{' || mark == '+')
        {
            return text;
        }

        var stripped = text.TrimEnd(" \t");
        var isLineStart = stripped.Length > 0 ? stripped[^1] == '\n' : IsAtLineStart(start, text.Length - stripped.Length, end);
        return isLineStart ? stripped : text;
    }

    // The text before the tag is all spaces: it is a line's start only when a line break or nothing stands before it in the source.
    private bool IsAtLineStart(int start, int spaces, int end)
    {
        var before = end - spaces - 1;
        return before < 0 || (before >= start - 1 && _source[before] == '\n');
    }

    private void ReadTag()
    {
        if (_place >= _source.Length)
        {
            return;
        }

        var open = _source[_place + 1];
        if (open == '#')
        {
            SkipComment();
            return;
        }

        _lexemes.Add(new Lexeme(open == '{' ? LexemeKind.OpenExpression : LexemeKind.OpenStatement, open == '{' ? "{{" : "{%", _place));
        _place += 2;
        _place += _place < _source.Length && _source[_place] is '-' or '+' ? 1 : 0;
        if (open == '%' && _source.AsSpan(_place).TrimStart() is var rest && rest.StartsWith("raw") && rest[3..].TrimStart().TrimStart("+-").StartsWith("%}"))
        {
            // What stands inside is no template, so it cannot be read further.
            throw Fault("the tag 'raw' is not supported", _place);
        }

        var close = open == '{' ? "}}" : "%}";
        var depth = 0;
        while (!TryClose(close, depth))
        {
            ReadLexeme(ref depth);
        }
    }

    private void SkipComment()
    {
        var end = _source.IndexOf("#}", _place + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fault("a comment is not closed", _place);
        }

        _stripsNext = _source[end - 1] == '-' && end - 1 > _place + 1;
        _dropsLineBreak = true;
        _place = end + 2;
    }

    private bool TryClose(string close, int depth)
    {
        while (_place < _source.Length && char.IsWhiteSpace(_source[_place]))
        {
            _place++;
        }

        if (_place >= _source.Length)
        {
            throw Fault($"'{close}' is missing", _source.Length);
        }

        var rest = _source.AsSpan(_place);
        var isStripping = rest[0] is '-' or '+' && rest[1..].StartsWith(close);
        if (!isStripping && (!rest.StartsWith(close) || depth > 0))
        {
            return false;
        }

        _lexemes.Add(new Lexeme(close == "}}" ? LexemeKind.CloseExpression : LexemeKind.CloseStatement, close, _place));
        _stripsNext = isStripping && rest[0] == '-';
        _dropsLineBreak = close == "%}" && !(isStripping && rest[0] == '+');
        _place += close.Length + (isStripping ? 1 : 0);
        return true;
    }

    private void ReadLexeme(ref int depth)
    {
        var start = _place;
        var first = _source[start];
        if (first is '\'' or '"')
        {
            ReadQuoted(first);
        }
        else if (char.IsLetter(first) || first == '_')
        {
            while (_place < _source.Length && (char.IsLetterOrDigit(_source[_place]) || _source[_place] == '_'))
            {
                _place++;
            }

            // Names are hashed each time they are looked up, at the price of one step.
            _lexemes.Add(_place - start <= NameMax ? new Lexeme(LexemeKind.Name, _source[start.._place], start) : throw Fault($"a name has more than {NameMax} characters", start));
        }
        else if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else
        {
            var sign = Array.Find(Signs, s => string.CompareOrdinal(_source, start, s, 0, s.Length) == 0) ?? throw Fault($"the sign '{first}' is not known", start);
            depth += sign is "{" ? 1 : sign is "}" ? -1 : 0;
            _place += sign.Length;
            _lexemes.Add(new Lexeme(LexemeKind.Sign, sign, start));
        }
    }

    private void ReadNumber()
    {
        var start = _place;
        var isFraction = false;
        while (_place < _source.Length && (char.IsAsciiDigit(_source[_place]) || _source[_place] == '_'))
        {
            _place++;
        }

        if (_place - start > Values.DigitsMax)
        {
            throw Fault($"a number has more than {Values.DigitsMax} digits", start);
        }

        if (_place + 1 < _source.Length && _source[_place] == '.' && char.IsAsciiDigit(_source[_place + 1]))
        {
            isFraction = true;
            _place++;
            while (_place < _source.Length && char.IsAsciiDigit(_source[_place]))
            {
                _place++;
            }
        }

        if (_place < _source.Length && _source[_place] is 'e' or 'E')
        {
            var digits = _place + (_place + 1 < _source.Length && _source[_place + 1] is '+' or '-' ? 2 : 1);
            while (digits < _source.Length && char.IsAsciiDigit(_source[digits]))
            {
                isFraction = true;
                _place = ++digits;
            }
        }

        _lexemes.Add(new Lexeme(isFraction ? LexemeKind.Fraction : LexemeKind.Whole, _source[start.._place].Replace("_", "", StringComparison.Ordinal), start));
    }

    private void ReadQuoted(char quote)
    {
        var start = _place++;
        var text = new StringBuilder();
        while (_place < _source.Length && _source[_place] != quote)
        {
            if (_source[_place] == '\\' && _place + 1 < _source.Length)
            {
                ReadEscape(text);
            }
            else
            {
                text.Append(_source[_place++]);
            }
        }

        if (_place >= _source.Length)
        {
            throw Fault("a quoted text is not closed", start);
        }

        _place++;
        _lexemes.Add(new Lexeme(LexemeKind.Quoted, text.ToString(), start));
    }

    private void ReadEscape(StringBuilder text)
    {
        var escape = _source[_place + 1];
        var digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_place + 2 + digits > _source.Length || !int.TryParse(_source.AsSpan(_place + 2, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value)
                || (digits == 8 && !Rune.IsValid(value)))
            {
                throw Fault("an escape needs hexadecimal digits", _place);
            }

            text.Append(digits == 8 ? new Rune(value).ToString() : ((char)value).ToString());
            _place += 2 + digits;
            return;
        }

        _place += 2;
        text.Append(escape switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            'a' => "\a",
            '0' => "\0",
            '\n' => "",
            '\\' or '\'' or '"' => escape.ToString(),
            _ => $"\\{escape}",
        });
    }

    private TemplateException Fault(string message, int position) => SourcePlace.Fault(_source, position, message);
}
