namespace Holdfast.Engine.Templates;

/// <summary>A piece of template source; of a quoted text the text without quotes and escapes.</summary>
internal readonly record struct Lexeme(LexemeKind Kind, string Text, int Position)
{
    public bool IsSign(string sign) => Kind == LexemeKind.Sign && Text == sign;

    public bool IsName(string name) => Kind == LexemeKind.Name && Text == name;
}
