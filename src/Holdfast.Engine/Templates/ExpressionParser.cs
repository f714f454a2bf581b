using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>Expressions with Jinja's precedence: choice, or, and, not, comparison, +-, ~, * / // %, **, sign, then what follows a value.</summary>
internal sealed class ExpressionParser(LexemeReader reader)
{
    // Both bound the depth of the tree, and so of the recursion that evaluates it; real templates reach 12 and 40.
    private const int DepthMax = 100;
    private const int OperatorsMax = 500;

    private int _depth;
    private int _operators;

    public Expression Parse()
    {
        _operators = _depth == 0 ? 0 : _operators;
        GoDeeper();
        var value = ParseOr();
        while (reader.Now.IsName("if"))
        {
            CountOperator();
            var position = reader.Take().Position;
            var condition = ParseOr();
            var otherwise = reader.TakeName("else") ? Parse() : null;
            value = new Expression.Choice(position, condition, value, otherwise);
        }

        _depth--;
        return value;
    }

    /// <summary>One expression, or several with commas between, which make a tuple.</summary>
    public Expression ParseTuple()
    {
        var first = Parse();
        if (!reader.Now.IsSign(","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (reader.TakeSign(",") && reader.Now.Kind is not (LexemeKind.CloseStatement or LexemeKind.CloseExpression) && !reader.Now.IsSign(")"))
        {
            items.Add(Parse());
        }

        return new Expression.ListOf(first.Position, items, IsTuple: true);
    }

    public Expression ParseOr() => ParseChain(ParseAnd, "or");

    public ArgumentList ParseArguments()
    {
        reader.NeedSign("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!reader.TakeSign(")"))
        {
            if (reader.Now.IsSign("*") || reader.Now.IsSign("**"))
            {
                throw reader.Fault($"'{reader.Now.Text}' arguments are not supported");
            }

            if (reader.Now.Kind == LexemeKind.Name && reader.Next.IsSign("="))
            {
                var name = reader.Take().Text;
                reader.Take();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }

            if (!reader.Now.IsSign(")"))
            {
                reader.NeedSign(",");
            }
        }

        return new ArgumentList(positional, named);
    }

    private void GoDeeper()
    {
        if (++_depth > DepthMax)
        {
            throw reader.Fault($"expressions are nested more than {DepthMax} deep");
        }
    }

    private void CountOperator()
    {
        if (++_operators > OperatorsMax)
        {
            throw reader.Fault($"an expression has more than {OperatorsMax} operators");
        }
    }

    private Expression ParseAnd() => ParseChain(ParseNot, "and");

    private Expression ParseSum() => ParseChain(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation() => ParseChain(ParseProduct, "~");

    private Expression ParseProduct() => ParseChain(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseChain(() => ParseSigned(isFiltered: true), "**");

    private Expression ParseChain(Func<Expression> part, params ReadOnlySpan<string> signs)
    {
        var left = part();
        while (reader.Now.Kind is LexemeKind.Sign or LexemeKind.Name && signs.Contains(reader.Now.Text))
        {
            CountOperator();
            var sign = reader.Take();
            left = new Expression.Binary(sign.Position, sign.Text, left, part());
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!reader.Now.IsName("not"))
        {
            return ParseComparison();
        }

        var position = reader.Take().Position;
        GoDeeper();
        var value = new Expression.Unary(position, "not", ParseNot());
        _depth--;
        return value;
    }

    private Expression ParseComparison()
    {
        var left = ParseSum();
        Expression? whole = null;
        while (true)
        {
            var position = reader.Now.Position;
            string sign;
            if (reader.Now.Kind == LexemeKind.Sign && reader.Now.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                sign = reader.Take().Text;
            }
            else if (reader.TakeName("in"))
            {
                sign = "in";
            }
            else if (reader.Now.IsName("not") && reader.Next.IsName("in"))
            {
                reader.Take();
                reader.Take();
                sign = "not in";
            }
            else
            {
                return whole ?? left;
            }

            CountOperator();

            // a < b < c means a < b and b < c.
            var right = ParseSum();
            var one = new Expression.Binary(position, sign, left, right);
            whole = whole is null ? one : new Expression.Binary(position, "and", whole, one);
            left = right;
        }
    }

    private Expression ParseSigned(bool isFiltered)
    {
        if (reader.Now.IsSign("-") || reader.Now.IsSign("+"))
        {
            GoDeeper();
            var sign = reader.Take();
            var signed = new Expression.Unary(sign.Position, sign.Text, ParseSigned(isFiltered: false));
            _depth--;
            return isFiltered ? ParseFilters(signed) : signed;
        }

        var value = ParsePostfix(ParsePrimary());
        return isFiltered ? ParseFilters(value) : value;
    }

    private Expression ParsePrimary()
    {
        var lexeme = reader.Take();
        switch (lexeme.Kind)
        {
            case LexemeKind.Name:
                return ParseWord(lexeme);
            case LexemeKind.Quoted:
                var text = lexeme.Text;
                while (reader.Now.Kind == LexemeKind.Quoted)
                {
                    text += reader.Take().Text;
                }

                return new Expression.Constant(lexeme.Position, SpanString.Template(text));
            case LexemeKind.Whole:
                return new Expression.Constant(lexeme.Position, Values.Shrink(BigInteger.Parse(lexeme.Text, CultureInfo.InvariantCulture)));
            case LexemeKind.Fraction:
                return new Expression.Constant(lexeme.Position, double.Parse(lexeme.Text, CultureInfo.InvariantCulture));
            case LexemeKind.Sign when lexeme.Text == "(":
                var inner = reader.Now.IsSign(")") ? new Expression.ListOf(lexeme.Position, [], IsTuple: true) : ParseTuple();
                reader.NeedSign(")");
                return inner;
            case LexemeKind.Sign when lexeme.Text == "[":
                return ParseList(lexeme.Position);
            case LexemeKind.Sign when lexeme.Text == "{":
                return ParseMap(lexeme.Position);
            default:
                throw reader.Fault(lexeme.Position, $"'{lexeme.Text}' is not the start of a value");
        }
    }

    private static Expression ParseWord(Lexeme word) => word.Text switch
    {
        "true" or "True" => new Expression.Constant(word.Position, true),
        "false" or "False" => new Expression.Constant(word.Position, false),
        "none" or "None" => new Expression.Constant(word.Position, null),
        _ => new Expression.Name(word.Position, word.Text),
    };

    private Expression.ListOf ParseList(int position)
    {
        var items = new List<Expression>();
        while (!reader.TakeSign("]"))
        {
            items.Add(Parse());
            if (!reader.Now.IsSign("]"))
            {
                reader.NeedSign(",");
            }
        }

        return new Expression.ListOf(position, items);
    }

    private Expression.MapOf ParseMap(int position)
    {
        var entries = new List<(Expression, Expression)>();
        while (!reader.TakeSign("}"))
        {
            var key = Parse();
            reader.NeedSign(":");
            entries.Add((key, Parse()));
            if (!reader.Now.IsSign("}"))
            {
                reader.NeedSign(",");
            }
        }

        return new Expression.MapOf(position, entries);
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            var position = reader.Now.Position;
            if (reader.TakeSign("."))
            {
                CountOperator();
                value = reader.Now.Kind == LexemeKind.Whole
                    ? new Expression.Index(position, value, ParsePrimary())
                    : new Expression.Member(position, value, reader.NeedName());
            }
            else if (reader.TakeSign("["))
            {
                CountOperator();
                value = ParseIndex(position, value);
            }
            else if (reader.Now.IsSign("("))
            {
                CountOperator();
                value = new Expression.Call(position, value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseIndex(int position, Expression target)
    {
        var start = reader.Now.IsSign(":") ? null : Parse();
        if (!reader.Now.IsSign(":"))
        {
            reader.NeedSign("]");
            return new Expression.Index(position, target, start!);
        }

        reader.Take();
        var end = reader.Now.IsSign(":") || reader.Now.IsSign("]") ? null : Parse();
        var step = reader.TakeSign(":") && !reader.Now.IsSign("]") ? Parse() : null;
        reader.NeedSign("]");
        return new Expression.Slice(position, target, start, end, step);
    }

    private Expression ParseFilters(Expression value)
    {
        while (true)
        {
            var position = reader.Now.Position;
            if (reader.TakeSign("|"))
            {
                CountOperator();
                var name = reader.NeedName();
                value = new Expression.Filter(position, value, name, reader.Now.IsSign("(") ? ParseArguments() : ArgumentList.None);
            }
            else if (reader.TakeName("is"))
            {
                CountOperator();
                value = ParseTest(position, value);
            }
            else if (reader.Now.IsSign("("))
            {
                CountOperator();
                value = new Expression.Call(position, value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression.Test ParseTest(int position, Expression value)
    {
        var isNegated = reader.TakeName("not");
        var name = reader.NeedName();
        var arguments = ArgumentList.None;
        if (reader.Now.IsSign("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsTestArgument(reader.Now))
        {
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], []);
        }

        return new Expression.Test(position, value, name, isNegated, arguments);
    }

    private static bool StartsTestArgument(Lexeme lexeme) => lexeme.Kind switch
    {
        LexemeKind.Name => lexeme.Text is not ("else" or "or" or "and" or "if" or "is" or "not" or "in"),
        LexemeKind.Quoted or LexemeKind.Whole or LexemeKind.Fraction => true,
        LexemeKind.Sign => lexeme.Text is "[" or "{",
        _ => false,
    };
}
