using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>In typeset text a line's end inside a paragraph is the page's width, not the writer's: it becomes a space. Code and tables keep their lines.</summary>
internal sealed class WrappedLinesRule : ICleaningRule
{
    public string Name => "wrapped-lines";

    public void Find(CleaningInput input, EditList edits)
    {
        if (!input.IsTypeset)
        {
            return;
        }

        string text = input.Text;
        foreach (Block block in input.Blocks)
        {
            if (block.Kind is not (BlockKind.Paragraph or BlockKind.Heading))
            {
                continue;
            }

            for (int i = block.Start; i < block.End; i++)
            {
                if (text[i] == '\n' && i > 0 && text[i - 1] != '\n' && i + 1 < text.Length && text[i + 1] != '\n')
                {
                    edits.Add(i, 1, " ");
                }
            }
        }
    }
}
