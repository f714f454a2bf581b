using System.Buffers;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Embeddings, overrides and isolates make a line read otherwise than it is stored ("Trojan source"). The plain marks
/// (U+200E, U+200F, U+061C) stay beside a right-to-left letter.
/// </summary>
internal sealed class BidiControlsRule : ICleaningRule
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f");

    public string Name => "bidi-controls";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.AsSpan().IndexOfAny(Controls);
        while (at >= 0)
        {
            bool isMark = text[at] is '\u061c' or '\u200e' or '\u200f';
            bool isBesideRightToLeft = (at > 0 && IsRightToLeft(text[at - 1])) || (at + 1 < text.Length && IsRightToLeft(text[at + 1]));
            if (!isMark || !isBesideRightToLeft)
            {
                edits.Add(at, 1, "");
            }

            int next = text.AsSpan(at + 1).IndexOfAny(Controls);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    private static bool IsRightToLeft(char c) =>
        c is (>= '\u0590' and <= '\u08ff' and not '\u061c') or (>= '\ufb1d' and <= '\ufdff') or (>= '\ufe70' and <= '\ufefc');
}
