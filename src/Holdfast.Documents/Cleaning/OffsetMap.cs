namespace Holdfast.Documents.Cleaning;

/// <summary>Carries offsets over a list of edits, both ways, in log(edits) steps.</summary>
internal sealed class OffsetMap
{
    private readonly Edit[] _edits;
    private readonly int[] _after;

    public OffsetMap(Edit[] edits)
    {
        _edits = edits;
        _after = new int[edits.Length];
        int shift = 0;
        for (int i = 0; i < edits.Length; i++)
        {
            _after[i] = edits[i].Start + shift;
            shift += edits[i].Replacement.Length - edits[i].Length;
        }
    }

    /// <summary>A position before the edits as one after them. Inside an edit it goes to the replacement's start, or its end for the end of a span.</summary>
    public int Forward(int position, bool isEnd)
    {
        int index = LastAtOrBefore(position, isOutput: false);
        if (index < 0)
        {
            return position;
        }

        Edit edit = _edits[index];
        int outputEnd = _after[index] + edit.Replacement.Length;
        if (position >= edit.End)
        {
            // An insertion at the end of a span stays outside of it.
            return edit.Length == 0 && position == edit.Start && isEnd ? _after[index] : outputEnd + position - edit.End;
        }

        return position > edit.Start && isEnd ? outputEnd : _after[index];
    }

    /// <summary>A position after the edits as one before them. Inside a replacement it goes to the edit's start.</summary>
    public int Back(int position)
    {
        int index = LastAtOrBefore(position, isOutput: true);
        if (index < 0)
        {
            return position;
        }

        Edit edit = _edits[index];
        int outputEnd = _after[index] + edit.Replacement.Length;
        return position >= outputEnd ? edit.End + position - outputEnd : edit.Start;
    }

    private int LastAtOrBefore(int position, bool isOutput)
    {
        int low = 0;
        int high = _edits.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int start = isOutput ? _after[middle] : _edits[middle].Start;
            if (start <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
