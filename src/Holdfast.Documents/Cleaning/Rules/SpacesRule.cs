using System.Buffers;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Every kind of space becomes a plain one, runs become one, none stays at a line's end. Indentation stays, and so do the lines of code blocks but
/// for the kind of the space.
/// </summary>
internal sealed class SpacesRule : ICleaningRule
{
    private static readonly SearchValues<char> Spaces =
        SearchValues.Create(" \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000");

    private static readonly SearchValues<char> Odd =
        SearchValues.Create("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000");

    public string Name => "spaces";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = 0;
        foreach (Block block in input.Blocks)
        {
            if (block.Kind != BlockKind.Code || block.Start < at)
            {
                continue;
            }

            FindInProse(text, at, block.Start, edits);
            FindInCode(text, block.Start, block.End, edits);
            at = block.End;
        }

        FindInProse(text, at, text.Length, edits);
    }

    private static void FindInProse(string text, int from, int to, EditList edits)
    {
        int at = from;
        while (at < to)
        {
            int found = text.AsSpan(at, to - at).IndexOfAny(Spaces);
            if (found < 0)
            {
                return;
            }

            at += found;
            int end = at + 1;
            while (end < to && Spaces.Contains(text[end]))
            {
                end++;
            }

            ReadOnlySpan<char> run = text.AsSpan(at, end - at);
            bool isAtLineStart = at == 0 || text[at - 1] == '\n';
            bool isAtLineEnd = end == text.Length || text[end] == '\n';
            if (isAtLineEnd)
            {
                edits.Add(at, run.Length, "");
            }
            else if (isAtLineStart)
            {
                if (run.ContainsAny(Odd))
                {
                    edits.Add(at, run.Length, new string(' ', run.Length));
                }
            }
            else if (run.Length > 1 || run[0] != ' ')
            {
                // A tab between two cells is the border of a column: it stays, alone.
                bool isColumn = run.Contains('\t');
                if (!isColumn || run.Length > 1)
                {
                    edits.Add(at, run.Length, isColumn ? "\t" : " ");
                }
            }

            at = end;
        }
    }

    private static void FindInCode(string text, int from, int to, EditList edits)
    {
        int at = from;
        while (at < to)
        {
            int found = text.AsSpan(at, to - at).IndexOfAny(Odd);
            if (found < 0)
            {
                return;
            }

            edits.Add(at + found, 1, " ");
            at += found + 1;
        }
    }
}
