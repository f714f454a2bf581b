using System.Text;
using CsCheck;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents;
using Holdfast.Documents.Blocks;
using Holdfast.Documents.Chunking;

namespace Holdfast.Tests.Documents;

public sealed class PassageCutterTests
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 12],
        Gen.Const("Dr. Who met e.g. 3.5 pumps."),
        Gen.Const("\n\n"),
        Gen.Const("\n"),
        Gen.Const("   "),
        Gen.Const("End! Next?"),
        Gen.Const("\U0001f469\u200d\U0001f4bb"),
        Gen.Const("漢字の文。次の文"),
        Gen.Const(new string('x', 700)),
        Gen.Const("| a | b |\n"));

    private static readonly Gen<(string Text, Block[] Blocks, int Words, int Overlap)> Sample =
        from pieces in Piece.Array[0, 120]
        from kinds in Gen.Int[0, 5].Array[0, 12]
        from words in Gen.Int[4, 60]
        from overlap in Gen.Int[0, 2]
        let text = string.Join(' ', pieces)
        select (text, ToBlocks(text, kinds), words, overlap == 0 ? 0 : words / 4);

    [Fact]
    public void Passages_hold_every_visible_character_and_keep_their_bounds() => Sample.Sample(sample =>
    {
        (string text, Block[] blocks, int words, int overlap) = sample;
        DocumentOptions options = new() { PassageWords = words, PassageWordsMax = words * 2, PassageTokensMax = words * 4, PassageOverlapWords = overlap };
        HeadingSpan[] headings = [.. blocks.Where(b => b.Kind == BlockKind.Heading).Select(b => new HeadingSpan(b.Level, b.Start, b.Length))];
        IReadOnlyList<PassageSpan> passages = new PassageCutter(options).Cut(text, blocks, headings, []);
        bool[] held = new bool[text.Length];
        int last = -1;
        foreach (PassageSpan passage in passages)
        {
            string own = text.Substring(passage.Start, passage.Length);
            Assert.True(passage.Start > last, "passages ascend");
            Assert.Equal(own.Trim(), own);
            Assert.NotEqual("", own);
            Assert.False(char.IsLowSurrogate(own[0]) || char.IsHighSurrogate(own[^1]), "a pair was cut");
            TextWeight weight = TextWeight.Of(own);
            Assert.True(weight.Words <= options.PassageWordsMax + 1, $"{weight.Words} words in a passage of at most {options.PassageWordsMax}");
            last = passage.Start;
            Array.Fill(held, true, passage.Start, passage.Length);
        }

        for (int i = 0; i < text.Length; i++)
        {
            Assert.True(held[i] || char.IsWhiteSpace(text[i]), $"character {i} ('{text[i]}') is in no passage");
        }
    }, iter: 1_500);

    [Fact]
    public void Sentences_end_where_a_reader_says()
    {
        const string Text = "Dr. Who met Mr. Ade at 3.5 bar, e.g. at noon. \"It works!\" he said. Nr. 5 stays. See Fig. 2 for it. 次の文。最後。";
        List<TextSpan> sentences = [];
        SentenceSplitter.Split(Text, new TextSpan(0, Text.Length), sentences);
        Assert.Equal(
            ["Dr. Who met Mr. Ade at 3.5 bar, e.g. at noon.", "\"It works!\" he said.", "Nr. 5 stays.", "See Fig. 2 for it.", "次の文。", "最後。"],
            sentences.Select(s => Text.Substring(s.Start, s.Length)));
    }

    [Fact]
    public void Overlap_repeats_whole_sentences_of_the_section()
    {
        string prose = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"Sentence {i} stands here."));
        DocumentOptions options = new() { PassageWords = 40, PassageWordsMax = 60, PassageOverlapWords = 8 };
        DocumentText document = SampleReader.Good("a.txt", prose, options);
        string[] passages = [.. document.Passages.Select(p => document.Text.Substring(p.Start, p.Length))];
        Assert.True(passages.Length > 3);
        for (int i = 1; i < passages.Length; i++)
        {
            string repeated = string.Join(". ", passages[i].Split(". ").Take(2)) + ".";
            Assert.EndsWith(repeated, passages[i - 1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_of_code_or_of_a_table_is_not_cut()
    {
        StringBuilder rows = new("name,value,remark\n");
        for (int i = 0; i < 300; i++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"pump {i},{i} bar,remark number {i} stands here\n");
        }

        DocumentText document = SampleReader.Good("a.csv", rows.ToString());
        Assert.True(document.Passages.Count > 10);
        Assert.All(document.Passages.Skip(1), p => Assert.StartsWith("name: pump ", document.Text.Substring(p.Start, p.Length), StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_of_two_million_signs_is_cut_in_linear_time()
    {
        DocumentText document = SampleReader.Good("a.txt", new string('x', 2_000_000));
        Assert.True(document.Passages.Count > 1_000);
    }

    private static Block[] ToBlocks(string text, int[] kinds)
    {
        List<Block> blocks = [];
        int at = 0;
        foreach (int kind in kinds)
        {
            int end = at < text.Length ? text.IndexOf('\n', at) : -1;
            if (end < 0)
            {
                break;
            }

            if (end > at && kind < 4)
            {
                BlockKind block = kind switch { 0 => BlockKind.Heading, 1 => BlockKind.Code, 2 => BlockKind.Table, _ => BlockKind.Paragraph };
                blocks.Add(new Block(block, at, end - at, block == BlockKind.Heading ? 1 + (at % 6) : 0));
            }

            at = end + 1;
        }

        return [.. blocks];
    }
}
