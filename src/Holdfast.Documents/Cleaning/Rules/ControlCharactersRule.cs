using System.Buffers;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>NUL and every other control but line feed and tab. PostgreSQL refuses a text with a NUL; a batch was lost to one in a title.</summary>
internal sealed class ControlCharactersRule : ICleaningRule
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(AllControls());

    public string Name => "control-characters";

    public void Find(CleaningInput input, EditList edits)
    {
        ReadOnlySpan<char> text = input.Text;
        int at = text.IndexOfAny(Controls);
        while (at >= 0)
        {
            int end = at + 1;
            while (end < text.Length && Controls.Contains(text[end]))
            {
                end++;
            }

            edits.Add(at, end - at, "");
            int next = text[end..].IndexOfAny(Controls);
            at = next < 0 ? -1 : end + next;
        }
    }

    private static string AllControls()
    {
        List<char> controls = [];
        for (char c = '\0'; c <= '\u009f'; c++)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                controls.Add(c);
            }
        }

        return new string([.. controls]);
    }
}
