using System.Diagnostics;

namespace Holdfast.Documents.Cleaning;

/// <summary>The edits of one rule to one text: ascending, not overlapping.</summary>
internal sealed class EditList
{
    private readonly List<Edit> _edits = [];

    public int Count => _edits.Count;

    public Edit this[int index] => _edits[index];

    public void Add(int start, int length, string replacement)
    {
        Debug.Assert(start >= (_edits.Count > 0 ? _edits[^1].End : 0));
        Debug.Assert(length >= 0);
        _edits.Add(new Edit(start, length, replacement));
    }

    public void Clear() => _edits.Clear();

    public string Apply(string text)
    {
        int length = text.Length;
        foreach (Edit edit in _edits)
        {
            length += edit.Replacement.Length - edit.Length;
        }

        return string.Create(length, (text, _edits), static (output, state) =>
        {
            ReadOnlySpan<char> rest = state.text;
            int from = 0;
            int to = 0;
            foreach (Edit edit in state._edits)
            {
                rest[from..edit.Start].CopyTo(output[to..]);
                to += edit.Start - from;
                edit.Replacement.CopyTo(output[to..]);
                to += edit.Replacement.Length;
                from = edit.End;
            }

            rest[from..].CopyTo(output[to..]);
        });
    }

    public OffsetMap ToMap() => new([.. _edits]);
}
