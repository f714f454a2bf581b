namespace Holdfast.Engine.Templates;

/// <summary>The statements of the template language.</summary>
internal abstract record Statement(int Position)
{
    public sealed record Text(int Position, SpanString Value) : Statement(Position);

    public sealed record Print(int Position, Expression Value) : Statement(Position);

    /// <summary>Conditions in order; a null one is "else".</summary>
    public sealed record If(int Position, IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> Branches) : Statement(Position);

    public sealed record For(int Position, IReadOnlyList<string> Names, Expression Over, Expression? Where, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise)
        : Statement(Position);

    /// <summary><paramref name="Member"/>: the member of a namespace that is set, with one name.</summary>
    public sealed record Set(int Position, IReadOnlyList<string> Names, string? Member, Expression Value) : Statement(Position);

    public sealed record SetBlock(int Position, string Name, string? Member, IReadOnlyList<(string Name, ArgumentList Arguments)> Filters, IReadOnlyList<Statement> Body)
        : Statement(Position);

    public sealed record Macro(int Position, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement(Position);

    public sealed record FilterBlock(int Position, IReadOnlyList<(string Name, ArgumentList Arguments)> Filters, IReadOnlyList<Statement> Body) : Statement(Position);

    public sealed record Break(int Position) : Statement(Position);

    public sealed record Continue(int Position) : Statement(Position);

    /// <summary>A tag that is not known. It is refused at load unless it stands in a branch for tools.</summary>
    public sealed record Unknown(int Position, string Tag) : Statement(Position);
}
