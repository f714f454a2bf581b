namespace Holdfast.Engine.Templates;

/// <summary>Finds where a JSON object ends in text that comes in pieces. It counts brackets and knows strings; it does not check the rest.</summary>
/// <param name="depth">Brackets that are open already.</param>
internal sealed class ObjectEnd(int depth = 0)
{
    private int _depth = depth;
    private bool _isInText;
    private bool _isEscaped;

    public bool IsOver { get; private set; }

    /// <summary>A line break or another control character stands in a string: this is no JSON, and where it would end cannot be known.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How many characters of the piece belong to the object.</summary>
    public int Take(string piece)
    {
        for (var i = 0; i < piece.Length; i++)
        {
            var unit = piece[i];
            if (_isInText)
            {
                if (unit < ' ')
                {
                    IsBroken = true;
                    return i;
                }

                _isInText = unit != '"' || _isEscaped;
                _isEscaped = unit == '\\' && !_isEscaped;
                continue;
            }

            _isInText = unit == '"';
            _depth += unit is '{' or '[' ? 1 : unit is '}' or ']' ? -1 : 0;
            if (_depth == 0)
            {
                IsOver = true;
                return i + 1;
            }
        }

        return piece.Length;
    }
}
