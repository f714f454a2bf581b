namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// The typesetter's ligatures (U+FB00 to U+FB06) as letters. A space after one that begins a word is an artifact of PDF
/// tools ("ﬁ eld") and goes too; after one in or at the end of a word ("oﬀ the") it is a real space. Letters of real
/// languages (œ, æ, ĳ) stay.
/// </summary>
internal sealed class LigaturesRule : ICleaningRule
{
    // U+FB05 is long s + t: "laﬅ" is "last", not "laft".
    private static readonly string[] Letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    public string Name => "ligatures";

    public void Find(CleaningInput input, EditList edits)
    {
        ReadOnlySpan<char> text = input.Text;
        int at = text.IndexOfAnyInRange('\ufb00', '\ufb06');
        while (at >= 0)
        {
            bool beginsWord = at == 0 || !char.IsLetterOrDigit(text[at - 1]);
            bool hasStraySpace = beginsWord && at + 2 < text.Length && text[at + 1] == ' ' && char.IsLower(text[at + 2]);
            int length = hasStraySpace ? 2 : 1;
            edits.Add(at, length, Letters[text[at] - '\ufb00']);
            int from = at + length;
            int next = text[from..].IndexOfAnyInRange('\ufb00', '\ufb06');
            at = next < 0 ? -1 : from + next;
        }
    }
}
