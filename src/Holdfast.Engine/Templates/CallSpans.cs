namespace Holdfast.Engine.Templates;

/// <summary>
/// Parts an answer as it comes into what stands in a tagged call of a tool and what does not. A stop string is for the answer's text: in a
/// call it would cut the arguments, and the client would take the torn call for a whole one. A tag that no object follows is only spoken of: text.
/// </summary>
internal sealed class CallSpans
{
    private ObjectEnd _end = new();
    private State _state;

    // Characters of the awaited tag that the text ends with.
    private int _matched;

    private enum State
    {
        Text,

        /// <summary>Behind the opening tag, before the object.</summary>
        Opened,
        Object,

        /// <summary>Behind the object, up to the closing tag.</summary>
        Tail,
    }

    /// <summary>The pieces of a text in order; the tags belong to the outside and to the call: the opening and the closing one.</summary>
    public IEnumerable<(string Text, bool IsInCall)> Cut(string text)
    {
        var (start, place) = (0, 0);
        while (place < text.Length)
        {
            var isInCall = _state != State.Text;
            place += Advance(text, place);
            if (place == text.Length || isInCall != (_state != State.Text))
            {
                yield return (text[start..place], isInCall);
                start = place;
            }
        }
    }

    // How many characters were read.
    private int Advance(string text, int place)
    {
        var unit = text[place];
        switch (_state)
        {
            case State.Text when EndsTag(ToolCallReader.Open, unit):
                (_state, _end) = (State.Opened, new ObjectEnd());
                return 1;
            case State.Opened when !char.IsWhiteSpace(unit):
                _state = unit == '{' ? State.Object : State.Text;
                return 0;
            case State.Object:
                var taken = _end.Take(text[place..]);
                _state = _end.IsOver ? State.Tail : _end.IsBroken ? State.Text : State.Object;
                return taken;
            case State.Tail when EndsTag(ToolCallReader.Close, unit):
                _state = State.Text;
                return 1;
            default:
                return 1;
        }
    }

    // No start of a tag comes again inside it but "<".
    private bool EndsTag(string tag, char unit)
    {
        _matched = unit == tag[_matched] ? _matched + 1 : unit == tag[0] ? 1 : 0;
        if (_matched < tag.Length)
        {
            return false;
        }

        _matched = 0;
        return true;
    }
}
