using System.Buffers;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>One kind of line end. A form feed, where no reader made a page of it, is a paragraph's end.</summary>
internal sealed class LineEndsRule : ICleaningRule
{
    private static readonly SearchValues<char> Ends = SearchValues.Create("\r\v\f\u2028\u2029");

    public string Name => "line-ends";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.AsSpan().IndexOfAny(Ends);
        while (at >= 0)
        {
            int length = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            edits.Add(at, length, text[at] is '\f' or '\u2029' ? "\n\n" : "\n");
            int from = at + length;
            int next = text.AsSpan(from).IndexOfAny(Ends);
            at = next < 0 ? -1 : from + next;
        }
    }
}
