using CsCheck;
using Holdfast.Documents.Cleaning;

namespace Holdfast.Tests.Documents;

public sealed class OffsetMapTests
{
    private static readonly Gen<(string Text, Edit[] Edits)> Edited =
        from text in Gen.String[Gen.Char['a', 'h'], 0, 60]
        from cuts in Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], Gen.String[Gen.Char['A', 'C'], 0, 3]).Array[0, 8]
        select (text, ToEdits(text, cuts));

    [Fact]
    public void Applied_edits_are_what_a_builder_writes_and_both_ways_agree() => Edited.Sample(sample =>
    {
        (string text, Edit[] edits) = sample;
        EditList list = new();
        foreach (Edit edit in edits)
        {
            list.Add(edit.Start, edit.Length, edit.Replacement);
        }

        string output = list.Apply(text);
        Assert.Equal(Slow(text, edits, out int[] forward), output);
        OffsetMap map = list.ToMap();
        for (int i = 0; i < text.Length; i++)
        {
            if (forward[i] >= 0)
            {
                // A kept character goes to itself and comes back.
                Assert.Equal(forward[i], map.Forward(i, isEnd: false));
                Assert.Equal(forward[i] + 1, map.Forward(i + 1, isEnd: true));
                Assert.Equal(i, map.Back(forward[i]));
            }
        }
    }, iter: 3_000);

    private static string Slow(string text, Edit[] edits, out int[] forward)
    {
        System.Text.StringBuilder output = new();
        forward = new int[text.Length];
        Array.Fill(forward, -1);
        int at = 0;
        foreach (Edit edit in edits)
        {
            for (; at < edit.Start; at++)
            {
                forward[at] = output.Length;
                output.Append(text[at]);
            }

            output.Append(edit.Replacement);
            at = edit.End;
        }

        for (; at < text.Length; at++)
        {
            forward[at] = output.Length;
            output.Append(text[at]);
        }

        return output.ToString();
    }

    private static Edit[] ToEdits(string text, (int Skip, int Length, string Replacement)[] cuts)
    {
        List<Edit> edits = [];
        int at = 0;
        foreach ((int skip, int length, string replacement) in cuts)
        {
            // One kept character between two edits, so that each has one place.
            int start = at + skip + (edits.Count > 0 ? 1 : 0);
            int end = start + Math.Max(1, length);
            if (end > text.Length)
            {
                break;
            }

            edits.Add(new Edit(start, end - start, replacement));
            at = end;
        }

        return [.. edits];
    }
}
