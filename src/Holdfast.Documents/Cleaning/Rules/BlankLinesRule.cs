using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>At most one blank line between lines, none at the document's edges. The lines of a code block stay.</summary>
internal sealed class BlankLinesRule : ICleaningRule
{
    public string Name => "blank-lines";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int block = 0;
        int at = text.Length > 0 && text[0] == '\n' ? 0 : text.IndexOf("\n\n", StringComparison.Ordinal);
        while (at >= 0)
        {
            int end = at;
            while (end < text.Length && text[end] == '\n')
            {
                end++;
            }

            int kept = at == 0 || end == text.Length ? 0 : 2;
            if (end - at > kept && !IsInCode(input.Blocks, at, end, ref block))
            {
                edits.Add(at, end - at, kept == 0 ? "" : "\n\n");
            }

            at = end < text.Length ? text.IndexOf("\n\n", end, StringComparison.Ordinal) : -1;
        }

        bool endsInOne = text.Length > 1 && text[^1] == '\n' && text[^2] != '\n';
        if (endsInOne && !IsInCode(input.Blocks, text.Length - 1, text.Length, ref block))
        {
            edits.Add(text.Length - 1, 1, "");
        }
    }

    private static bool IsInCode(IReadOnlyList<Block> blocks, int start, int end, ref int block)
    {
        while (block < blocks.Count && blocks[block].End < end)
        {
            block++;
        }

        return block < blocks.Count && blocks[block].Kind == BlockKind.Code && blocks[block].Start <= start;
    }
}
