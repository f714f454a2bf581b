using System.Diagnostics;
using System.Text;
using Holdfast.Documents;

namespace Holdfast.Tests.Documents;

/// <summary>Mutated inputs through every reader for a fixed time each: the outcome is a document or a line, never an exception, never a hanging thread.</summary>
public sealed class ReaderFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(700);

    public static TheoryData<string> Formats => ["a.pdf", "b.pdf", "a.docx", "a.html", "a.md", "a.csv", "a.jsonl", "a.txt"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Mutated_files_never_throw_and_never_hang(string name)
    {
        int seed = 4711 + name.Sum(c => c);
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] good = Seed(name);
        DocumentReader reader = new(new DocumentOptions { ReadingTimeMax = TimeSpan.FromSeconds(5), CharactersMax = 5_000_000 });
        long end = Stopwatch.GetTimestamp() + (long)(Budget.TotalSeconds * Stopwatch.Frequency);
        int tried = 0;
        int read = 0;
        while (Stopwatch.GetTimestamp() < end || tried < 20)
        {
            ReadOutcome outcome = reader.Read(name, Mutate(good, random), TestContext.Current.CancellationToken);
            Assert.True(outcome.Document is null != outcome.Quarantine is null);
            Assert.False(outcome.Quarantine?.Contains('\n') ?? false, outcome.Quarantine);
            Assert.DoesNotContain("readingTimeMax", outcome.Quarantine ?? "", StringComparison.Ordinal);
            tried++;
            read += outcome.Document is null ? 0 : 1;
        }

        output.WriteLine($"{tried} tried, {read} read");
        Assert.Equal(0, reader.StuckReaders);
    }

    private static byte[] Seed(string name) => name switch
    {
        "a.pdf" => File.ReadAllBytes(SampleReader.FixturePath("pdf", "24-drawn-twice.pdf")),
        "b.pdf" => File.ReadAllBytes(SampleReader.FixturePath("pdf", "10-groff-one-column.pdf")),
        "a.docx" => DocxReaderTests.Make(body => body.Append(DocxReaderTests.Paragraph("Heading", "Heading1"), DocxReaderTests.Paragraph("Some text."))),
        "a.html" => "<html><body><main><h1>A</h1><table><tr><td>b<td>c</table><dl><dt>d<dd>e</dl><pre>f\n g</pre><p style='color:red'>h &amp; i</p></main></body></html>"u8.ToArray(),
        "a.md" => "---\ntitle: x\nn: 1\n---\n# A\n\n- b\n  1. c\n\n| d | e |\n|---|---|\n| f | g |\n\n```\nh\n```\n> i *j* [k](l) <!-- m -->\n"u8.ToArray(),
        "a.csv" => "a,b,c\n1,\"two\nlines\",3\n\"q\"\"q\",5,6\n"u8.ToArray(),
        "a.jsonl" => "{\"title\":\"a\",\"text\":\"b\"}\n{\"x\":[1,2,{\"y\":null}]}\n"u8.ToArray(),
        _ => Encoding.UTF8.GetBytes("Head\n====\n\nText with é, \u200b and \ud83d\ude00.\fPage two\n"),
    };

    private static byte[] Mutate(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        int changes = random.Next(1, 12);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"<([{\"\0\\/-9"[random.Next(10)], random.Next(1, 300)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
