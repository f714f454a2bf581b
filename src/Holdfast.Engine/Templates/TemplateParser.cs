namespace Holdfast.Engine.Templates;

/// <summary>Template source to statements.</summary>
internal sealed class TemplateParser
{
    private const int DepthMax = 60;

    private readonly LexemeReader _reader;
    private readonly ExpressionParser _expressions;
    private int _depth;

    private TemplateParser(string source)
    {
        _reader = new LexemeReader(source, Lexer.Cut(source));
        _expressions = new ExpressionParser(_reader);
    }

    /// <summary>Throws <see cref="TemplateException"/>. The source must have gone through <see cref="Lexer.Normalise"/>.</summary>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new TemplateParser(source);
        var body = parser.ParseBody([]);
        return parser._reader.Now.Kind == LexemeKind.End
            ? body
            : throw parser._reader.Fault($"'{parser._reader.Next.Text}' has no beginning");
    }

    // Statements up to one of the tags, which stays: the reader then stands at its "{%".
    private List<Statement> ParseBody(ReadOnlySpan<string> ends)
    {
        if (++_depth > DepthMax)
        {
            throw _reader.Fault($"blocks are nested more than {DepthMax} deep");
        }

        var body = new List<Statement>();
        while (_reader.Now.Kind != LexemeKind.End)
        {
            var lexeme = _reader.Now;
            if (lexeme.Kind == LexemeKind.Text)
            {
                body.Add(new Statement.Text(lexeme.Position, SpanString.Template(_reader.Take().Text)));
            }
            else if (lexeme.Kind == LexemeKind.OpenExpression)
            {
                _reader.Take();
                body.Add(new Statement.Print(lexeme.Position, _expressions.ParseTuple()));
                _reader.Need(LexemeKind.CloseExpression);
            }
            else if (ends.Contains(_reader.Next.Text) || IsStray(_reader.Next.Text))
            {
                break;
            }
            else if (ParseStatement() is { } statement)
            {
                body.Add(statement);
            }
        }

        _depth--;
        return body;
    }

    // An ending or middle tag that no open block waits for is a fault of its own, not an unknown tag.
    private static bool IsStray(string tag) =>
        tag is "endif" or "else" or "elif" or "endfor" or "endmacro" or "endset" or "endfilter";

    private Statement? ParseStatement()
    {
        _reader.Need(LexemeKind.OpenStatement);
        var tag = _reader.Now;
        if (tag.Kind != LexemeKind.Name)
        {
            throw _reader.Fault($"'{tag.Text}' is not a tag");
        }

        _reader.Take();
        switch (tag.Text)
        {
            case "if":
                return ParseIf(tag.Position);
            case "for":
                return ParseFor(tag.Position);
            case "set":
                return ParseSet(tag.Position);
            case "macro":
                return ParseMacro(tag.Position);
            case "filter":
                return ParseFilterBlock(tag.Position);
            case "break":
                Close();
                return new Statement.Break(tag.Position);
            case "continue":
                Close();
                return new Statement.Continue(tag.Position);
            case "generation" or "endgeneration":
                // Marks for training which text is the model's; it prints nothing.
                Close();
                return null;
            default:
                while (_reader.Now.Kind is not (LexemeKind.CloseStatement or LexemeKind.End))
                {
                    _reader.Take();
                }

                Close();
                return new Statement.Unknown(tag.Position, tag.Text);
        }
    }

    private Statement.If ParseIf(int position)
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        Expression? condition = _expressions.ParseTuple();
        while (true)
        {
            Close();
            branches.Add((condition, ParseBody(["elif", "else", "endif"])));
            var tag = TakeTag(position, "if");
            if (tag == "endif")
            {
                Close();
                return new Statement.If(position, branches);
            }

            if (condition is null || tag is not ("elif" or "else"))
            {
                throw _reader.Fault($"'{tag}' is not expected here; 'endif' is missing");
            }

            condition = tag == "elif" ? _expressions.ParseTuple() : null;
        }
    }

    private Statement.For ParseFor(int position)
    {
        var names = ParseNames();
        if (!_reader.TakeName("in"))
        {
            throw _reader.Fault("'in' is missing");
        }

        // Not Parse: there "if" would be a choice, here it filters the items.
        var over = _expressions.ParseOr();
        var where = _reader.TakeName("if") ? _expressions.Parse() : null;
        if (_reader.Now.IsName("recursive"))
        {
            throw _reader.Fault("'recursive' loops are not supported");
        }

        Close();
        var body = ParseBody(["else", "endfor"]);
        IReadOnlyList<Statement> otherwise = [];
        var tag = TakeTag(position, "for");
        if (tag == "else")
        {
            Close();
            otherwise = ParseBody(["endfor"]);
            tag = TakeTag(position, "for");
        }

        NeedTag(tag, "endfor");
        return new Statement.For(position, names, over, where, body, otherwise);
    }

    private Statement ParseSet(int position)
    {
        var names = ParseNames();
        var member = names.Count == 1 && _reader.TakeSign(".") ? _reader.NeedName() : null;
        if (_reader.TakeSign("="))
        {
            var value = _expressions.ParseTuple();
            Close();
            return new Statement.Set(position, names, member, value);
        }

        var filters = _reader.TakeSign("|") ? ParseFilterNames() : [];
        Close();
        var body = ParseBody(["endset"]);
        NeedTag(TakeTag(position, "set"), "endset");
        return names.Count == 1
            ? new Statement.SetBlock(position, names[0], member, filters, body)
            : throw _reader.Fault(position, "a block can set one name only");
    }

    private Statement.Macro ParseMacro(int position)
    {
        var name = _reader.NeedName();
        var parameters = new List<(string, Expression?)>();
        _reader.NeedSign("(");
        while (!_reader.TakeSign(")"))
        {
            parameters.Add((_reader.NeedName(), _reader.TakeSign("=") ? _expressions.Parse() : null));
            if (!_reader.Now.IsSign(")"))
            {
                _reader.NeedSign(",");
            }
        }

        Close();
        var body = ParseBody(["endmacro"]);
        NeedTag(TakeTag(position, "macro"), "endmacro");
        return new Statement.Macro(position, name, parameters, body);
    }

    private Statement.FilterBlock ParseFilterBlock(int position)
    {
        var filters = ParseFilterNames();
        Close();
        var body = ParseBody(["endfilter"]);
        NeedTag(TakeTag(position, "filter"), "endfilter");
        return new Statement.FilterBlock(position, filters, body);
    }

    private List<(string, ArgumentList)> ParseFilterNames()
    {
        var filters = new List<(string, ArgumentList)>();
        do
        {
            var name = _reader.NeedName();
            filters.Add((name, _reader.Now.IsSign("(") ? _expressions.ParseArguments() : ArgumentList.None));
        }
        while (_reader.TakeSign("|"));
        return filters;
    }

    private List<string> ParseNames()
    {
        var hasParenthesis = _reader.TakeSign("(");
        var names = new List<string> { _reader.NeedName() };
        while (_reader.TakeSign(","))
        {
            names.Add(_reader.NeedName());
        }

        if (hasParenthesis)
        {
            _reader.NeedSign(")");
        }

        return names;
    }

    private string TakeTag(int blockPosition, string block)
    {
        if (_reader.Now.Kind == LexemeKind.End)
        {
            throw _reader.Fault(blockPosition, $"'{block}' is not closed");
        }

        _reader.Need(LexemeKind.OpenStatement);
        return _reader.NeedName();
    }

    private void NeedTag(string tag, string wanted)
    {
        if (tag != wanted)
        {
            throw _reader.Fault($"'{tag}' is not expected here; '{wanted}' is missing");
        }

        // "endmacro name" repeats the macro's name.
        if (_reader.Now.Kind == LexemeKind.Name)
        {
            _reader.Take();
        }

        Close();
    }

    private void Close() => _reader.Need(LexemeKind.CloseStatement);
}
