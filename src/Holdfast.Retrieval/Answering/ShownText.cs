using System.Text;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// A piece of a document as an answer shows it: each run of white space is one space. It knows for each unit that is shown which unit
/// of the source it is, so that a citation of a shortened piece still names the exact source.
/// </summary>
internal sealed class ShownText
{
    private readonly List<int> _sourceEnds;

    private ShownText(string text, List<int> sourceEnds, bool isCut)
    {
        Text = text;
        _sourceEnds = sourceEnds;
        IsCut = isCut;
    }

    public string Text { get; }

    /// <summary>Something was left out at the end, and the ellipsis says so.</summary>
    public bool IsCut { get; }

    /// <summary>Shows at most so many words of the source; when some are left out, an ellipsis follows the last.</summary>
    public static ShownText Of(ReadOnlySpan<char> source, int wordsMax)
    {
        var text = new StringBuilder(source.Length);
        var ends = new List<int>(source.Length);
        var words = 0;
        var isInside = false;
        for (var index = 0; index < source.Length; index++)
        {
            if (char.IsWhiteSpace(source[index]))
            {
                isInside = false;
                continue;
            }

            if (!isInside && ++words > wordsMax)
            {
                text.Append('…');
                ends.Add(ends.Count > 0 ? ends[^1] : 0);
                return new ShownText(text.ToString(), ends, isCut: true);
            }

            if (!isInside && words > 1)
            {
                text.Append(' ');
                ends.Add(index);
            }

            isInside = true;
            text.Append(source[index]);
            ends.Add(index + 1);
        }

        return new ShownText(text.ToString(), ends, isCut: false);
    }

    /// <summary>Units of the source that the first <paramref name="shownUnits"/> units stand for.</summary>
    public int SourceLength(int shownUnits) => shownUnits == 0 ? 0 : _sourceEnds[Math.Min(shownUnits, _sourceEnds.Count) - 1];
}
