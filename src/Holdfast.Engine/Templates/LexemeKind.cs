namespace Holdfast.Engine.Templates;

/// <summary>What the lexer tells apart.</summary>
internal enum LexemeKind
{
    Text,
    OpenStatement,
    CloseStatement,
    OpenExpression,
    CloseExpression,
    Name,
    Quoted,
    Whole,
    Fraction,
    Sign,
    End,
}
