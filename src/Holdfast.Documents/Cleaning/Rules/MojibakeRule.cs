using System.Buffers;
using System.Text;
using Holdfast.Documents.Encodings;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// UTF-8 that was once read as Windows-1252 or Latin-1 ("cafÃ©") is turned back. Careful on purpose: only when the document
/// has at least two such sequences and none that does not decode, so that a text about mojibake or a real "Ã" stays.
/// </summary>
internal sealed class MojibakeRule : ICleaningRule
{
    private const int SequencesMin = 2;

    private static readonly SearchValues<char> Leads = SearchValues.Create(AllLeads());

    public string Name => "mojibake";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.AsSpan().IndexOfAny(Leads);
        Span<byte> bytes = stackalloc byte[4];
        while (at >= 0)
        {
            int length = SequenceAt(text, at, bytes);
            if (length > 0 && Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out int used) == OperationStatus.Done && used == length)
            {
                edits.Add(at, length, rune.ToString());
            }
            else if (length == 0)
            {
                // One undecodable lead: this is not mojibake through and through.
                edits.Clear();
                return;
            }

            int from = at + Math.Max(1, length);
            int next = text.AsSpan(from).IndexOfAny(Leads);
            at = next < 0 ? -1 : from + next;
        }

        if (edits.Count < SequencesMin)
        {
            edits.Clear();
        }
    }

    /// <summary>Length of the sequence that begins here; 0 when the lead is not followed by its continuation bytes.</summary>
    private static int SequenceAt(string text, int at, Span<byte> bytes)
    {
        int length = text[at] switch { < '\u00e0' => 2, < '\u00f0' => 3, _ => 4 };
        if (at + length > text.Length)
        {
            return 0;
        }

        bytes[0] = (byte)text[at];
        for (int i = 1; i < length; i++)
        {
            int value = Windows1252.ByteOf(text[at + i]);
            if (value is < 0x80 or > 0xbf)
            {
                return 0;
            }

            bytes[i] = (byte)value;
        }

        return length;
    }

    // Bytes that begin a UTF-8 sequence, as the letters they are in Latin-1: C2 to F4.
    private static string AllLeads()
    {
        StringBuilder leads = new();
        for (char c = '\u00c2'; c <= '\u00f4'; c++)
        {
            leads.Append(c);
        }

        return leads.ToString();
    }
}
