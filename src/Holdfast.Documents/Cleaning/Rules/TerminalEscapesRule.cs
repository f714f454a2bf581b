namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>Colour codes and titles that a terminal would have eaten (ECMA-48: CSI, OSC and two-character escapes).</summary>
internal sealed class TerminalEscapesRule : ICleaningRule
{
    private const char Escape = '\u001b';

    // A sequence that goes on for longer is not one: the escape alone is left to the rule for control characters.
    private const int LengthMax = 256;

    public string Name => "terminal-escapes";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.IndexOf(Escape, StringComparison.Ordinal);
        while (at >= 0)
        {
            int length = LengthAt(text, at);
            if (length > 0)
            {
                edits.Add(at, length, "");
            }

            int from = at + Math.Max(1, length);
            at = from < text.Length ? text.IndexOf(Escape, from) : -1;
        }
    }

    private static int LengthAt(string text, int at)
    {
        int end = Math.Min(text.Length, at + LengthMax);
        if (at + 1 >= end)
        {
            return 0;
        }

        int i = at + 2;
        switch (text[at + 1])
        {
            case '[':
                while (i < end && text[i] is >= ' ' and <= '?')
                {
                    i++;
                }

                return i < end && text[i] is >= '@' and <= '~' ? i + 1 - at : 0;
            case ']':
                while (i < end && text[i] is not ('\a' or Escape or '\n'))
                {
                    i++;
                }

                if (i < end && text[i] == '\a')
                {
                    return i + 1 - at;
                }

                return i + 1 < end && text[i] == Escape && text[i + 1] == '\\' ? i + 2 - at : 0;
            case >= '@' and <= '_' or '=' or '>' or '7' or '8':
                return 2;
            default:
                return 0;
        }
    }
}
