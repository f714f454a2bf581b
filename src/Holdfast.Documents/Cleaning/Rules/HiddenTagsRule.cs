namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Unicode tag characters (U+E0000 to U+E007F) spell ASCII that nobody sees and a model reads. They stay where they are
/// meant: in the flags of England, Scotland and Wales, after U+1F3F4 and up to U+E007F.
/// </summary>
internal sealed class HiddenTagsRule : ICleaningRule
{
    private const char High = '\udb40';

    // gb + eng, sct or wls + the cancel tag; the longest subdivision code has three letters.
    private const int FlagTagsMax = 7;

    public string Name => "hidden-tags";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.IndexOf(High, StringComparison.Ordinal);
        while (at >= 0)
        {
            int end = at;
            while (end + 1 < text.Length && text[end] == High && text[end + 1] is >= '\udc00' and <= '\udc7f')
            {
                end += 2;
            }

            if (end > at && !IsFlag(text, at, end))
            {
                edits.Add(at, end - at, "");
            }

            int from = Math.Max(end, at + 1);
            at = from < text.Length ? text.IndexOf(High, from) : -1;
        }
    }

    private static bool IsFlag(string text, int start, int end) =>
        start >= 2 && text[start - 2] == '\ud83c' && text[start - 1] == '\udff4'
        && text[end - 1] == '\udc7f' && (end - start) / 2 <= FlagTagsMax;
}
