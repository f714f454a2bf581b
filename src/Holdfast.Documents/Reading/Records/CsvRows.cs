using System.Buffers;
using System.Text;

namespace Holdfast.Documents.Reading.Records;

/// <summary>Splits CSV into rows of cells. Quoted cells may hold delimiters, line ends and doubled quotes; a quote in the middle of a bare cell is a sign like any other.</summary>
internal sealed class CsvRows(string text, char delimiter)
{
    private readonly SearchValues<char> _bareEnds = SearchValues.Create([delimiter, '\n', '\r']);
    private readonly StringBuilder _cell = new();
    private int _at;

    /// <summary>The text ended inside of a quoted cell.</summary>
    public bool IsQuoteOpen { get; private set; }

    /// <summary>Fills the next row that is not blank; false at the end.</summary>
    public bool TryRead(List<string> row)
    {
        while (_at < text.Length)
        {
            row.Clear();
            ReadRow(row);
            if (row.Count > 1 || !string.IsNullOrWhiteSpace(row[0]))
            {
                return true;
            }
        }

        return false;
    }

    private void ReadRow(List<string> row)
    {
        while (true)
        {
            row.Add(_at < text.Length && text[_at] == '"' ? ReadQuoted() : ReadBare());
            if (_at >= text.Length)
            {
                return;
            }

            char end = text[_at++];
            if (end == '\r' && _at < text.Length && text[_at] == '\n')
            {
                _at++;
            }

            if (end != delimiter)
            {
                return;
            }
        }
    }

    private string ReadBare()
    {
        int found = text.AsSpan(_at).IndexOfAny(_bareEnds);
        int end = found < 0 ? text.Length : _at + found;
        string cell = text[_at..end];
        _at = end;
        return cell;
    }

    private string ReadQuoted()
    {
        _cell.Clear();
        _at++;
        while (true)
        {
            int found = text.IndexOf('"', _at);
            if (found < 0)
            {
                IsQuoteOpen = true;
                _cell.Append(text, _at, text.Length - _at);
                _at = text.Length;
                return _cell.ToString();
            }

            _cell.Append(text, _at, found - _at);
            _at = found + 1;
            if (_at >= text.Length || text[_at] != '"')
            {
                // Signs between the closing quote and the delimiter belong to the cell.
                _cell.Append(ReadBare());
                return _cell.ToString();
            }

            _cell.Append('"');
            _at++;
        }
    }
}
