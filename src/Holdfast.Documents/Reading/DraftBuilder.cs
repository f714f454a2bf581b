using System.Text;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading;

/// <summary>
/// Writes the extracted text block by block. Blocks stand one blank line apart, tight ones one line break. White space inside a
/// block is collapsed unless the block is code. An empty block leaves no trace.
/// </summary>
internal sealed class DraftBuilder(int charactersMax)
{
    private readonly StringBuilder _text = new();
    private readonly List<Block> _blocks = [];
    private BlockKind _kind;
    private int _level;
    private int _start = -1;
    private bool _isSpaceDue;

    public int Length => _text.Length;

    public bool IsOpen => _start >= 0;

    /// <summary>Kind of the open block.</summary>
    public BlockKind Kind => _kind;

    /// <summary>Nothing was written into the open block.</summary>
    public bool IsEmpty => _text.Length == _start;

    /// <summary>Kind of the last closed block.</summary>
    public BlockKind? LastKind => _blocks.Count > 0 ? _blocks[^1].Kind : null;

    public IReadOnlyList<Block> Blocks => _blocks;

    public override string ToString() => _text.ToString();

    /// <summary>Begins a block; a tight one stands one line break after the block before, not a blank line.</summary>
    public void Open(BlockKind kind, int level = 0, bool isTight = false)
    {
        Close();
        _kind = kind;
        _level = level;
        if (_blocks.Count > 0)
        {
            _text.Append(isTight ? "\n" : "\n\n");
        }

        _start = _text.Length;
        _isSpaceDue = false;
    }

    public void Close()
    {
        if (_start < 0)
        {
            return;
        }

        while (_text.Length > _start && char.IsWhiteSpace(_text[^1]))
        {
            _text.Length--;
        }

        if (_text.Length > _start)
        {
            _blocks.Add(new Block(_kind, _start, _text.Length - _start, _level));
        }
        else
        {
            _text.Length = _blocks.Count > 0 ? _blocks[^1].End : 0;
        }

        _start = -1;
    }

    /// <summary>Adds text as it is.</summary>
    public void AppendRaw(ReadOnlySpan<char> text)
    {
        if (_start < 0)
        {
            Open(BlockKind.Paragraph);
        }

        FlushSpace();
        _text.Append(text);
        if (_text.Length > charactersMax)
        {
            throw new ReadFaultException(
                $"holds more than {charactersMax} characters of text (documents.charactersMax): split it or raise the limit");
        }
    }

    /// <summary>Adds text with each run of white space as one space, none at a line's edges.</summary>
    public void AppendCollapsed(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            int space = IndexOfWhiteSpace(text);
            if (space != 0)
            {
                AppendRaw(space < 0 ? text : text[..space]);
                if (space < 0)
                {
                    return;
                }
            }

            _isSpaceDue = true;
            int next = space + 1;
            while (next < text.Length && IsCollapsible(text[next]))
            {
                next++;
            }

            text = text[next..];
        }
    }

    /// <summary>Ends the line inside the block.</summary>
    public void BreakLine()
    {
        if (_start < 0)
        {
            return;
        }

        _isSpaceDue = false;
        if (_text.Length > _start && _text[^1] != '\n')
        {
            _text.Append('\n');
        }
    }

    /// <summary>A space before the next text, unless a line begins there.</summary>
    public void SpaceDue() => _isSpaceDue = true;

    private void FlushSpace()
    {
        if (_isSpaceDue && _text.Length > _start && _text[^1] is not ('\n' or ' '))
        {
            _text.Append(' ');
        }

        _isSpaceDue = false;
    }

    private static int IndexOfWhiteSpace(ReadOnlySpan<char> text) => text.IndexOfAny(" \t\n\r\f");

    private static bool IsCollapsible(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
}
