namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>Half of a surrogate pair can be written to no file and no database: it becomes U+FFFD.</summary>
internal sealed class LoneSurrogatesRule : ICleaningRule
{
    public string Name => "lone-surrogates";

    public void Find(CleaningInput input, EditList edits)
    {
        ReadOnlySpan<char> text = input.Text;
        int at = text.IndexOfAnyInRange('\ud800', '\udfff');
        while (at >= 0)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (!isPair)
            {
                edits.Add(at, 1, "\ufffd");
            }

            int from = at + (isPair ? 2 : 1);
            int next = text[from..].IndexOfAnyInRange('\ud800', '\udfff');
            at = next < 0 ? -1 : from + next;
        }
    }
}
