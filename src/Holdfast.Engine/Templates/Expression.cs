namespace Holdfast.Engine.Templates;

/// <summary>The expressions of the template language. <paramref name="Position"/> is the offset in the source, for messages.</summary>
internal abstract record Expression(int Position)
{
    public sealed record Constant(int Position, object? Value) : Expression(Position);

    public sealed record Name(int Position, string Text) : Expression(Position);

    public sealed record ListOf(int Position, IReadOnlyList<Expression> Items, bool IsTuple = false) : Expression(Position);

    public sealed record MapOf(int Position, IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression(Position);

    public sealed record Member(int Position, Expression Target, string Text) : Expression(Position);

    public sealed record Index(int Position, Expression Target, Expression At) : Expression(Position);

    public sealed record Slice(int Position, Expression Target, Expression? Start, Expression? End, Expression? Step) : Expression(Position);

    public sealed record Call(int Position, Expression Target, ArgumentList Arguments) : Expression(Position);

    public sealed record Filter(int Position, Expression Target, string Text, ArgumentList Arguments) : Expression(Position);

    public sealed record Test(int Position, Expression Target, string Text, bool IsNegated, ArgumentList Arguments) : Expression(Position);

    public sealed record Unary(int Position, string Sign, Expression Target) : Expression(Position);

    public sealed record Binary(int Position, string Sign, Expression Left, Expression Right) : Expression(Position);

    public sealed record Choice(int Position, Expression Condition, Expression Then, Expression? Else) : Expression(Position);
}
