namespace Holdfast.Engine.Templates;

/// <summary>A place in the lexemes of one template.</summary>
internal sealed class LexemeReader(string source, IReadOnlyList<Lexeme> lexemes)
{
    private int _place;

    public Lexeme Now => lexemes[_place];

    public Lexeme Next => lexemes[Math.Min(_place + 1, lexemes.Count - 1)];

    public Lexeme Take()
    {
        var lexeme = lexemes[_place];
        _place = Math.Min(_place + 1, lexemes.Count - 1);
        return lexeme;
    }

    public bool TakeSign(string sign)
    {
        if (!Now.IsSign(sign))
        {
            return false;
        }

        Take();
        return true;
    }

    public bool TakeName(string name)
    {
        if (!Now.IsName(name))
        {
            return false;
        }

        Take();
        return true;
    }

    public void NeedSign(string sign)
    {
        if (!TakeSign(sign))
        {
            throw Fault($"'{sign}' is missing before '{Now.Text}'");
        }
    }

    public string NeedName() => Now.Kind == LexemeKind.Name ? Take().Text : throw Fault($"a name is missing before '{Now.Text}'");

    public void Need(LexemeKind kind)
    {
        if (Now.Kind != kind)
        {
            throw Fault($"'{Now.Text}' is not expected here");
        }

        Take();
    }

    public TemplateException Fault(string message) => SourcePlace.Fault(source, Now.Position, message);

    public TemplateException Fault(int position, string message) => SourcePlace.Fault(source, position, message);
}
