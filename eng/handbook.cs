// Makes the files of samples/handbook that a text editor cannot make, or would repair: PDF, DOCX and the dirty texts.
//   dotnet run eng/handbook.cs                from the root of the repository: writes them
//   dotnet run eng/handbook.cs -- --check     compares what stands there with what would be written; exit code 1 on a difference
// Each source is samples/handbook-sources/<path>.src: `key: value` lines between two `---`, then text. Nothing here asks a clock or a
// random source, and nothing is compressed, so the same source gives the same bytes on every machine.
// PDF: ISO 32000-1 (standard 14 fonts, section 9.6.2; standard security handler revision 3, section 7.6.3). DOCX: ECMA-376.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

const string Sources = "samples/handbook-sources";
const string Target = "samples/handbook";
if (!Directory.Exists(Sources))
{
    Console.Error.WriteLine($"{Sources} is not here: run this from the root of the repository.");
    return 2;
}

bool isCheck = args.Contains("--check");
var made = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
foreach (string file in Directory.EnumerateFiles(Sources, "*.src", SearchOption.AllDirectories))
{
    string name = Path.GetRelativePath(Sources, file).Replace('\\', '/');
    string output = $"{Target}/{name[..^".src".Length]}";
    byte[] source = File.ReadAllBytes(file);
    made[output] = Maker.Make(output, Source.Parse(Encoding.UTF8.GetString(source)));
    sums[$"{Sources}/{name}"] = Convert.ToHexStringLower(SHA256.HashData(source));
    sums[output] = Convert.ToHexStringLower(SHA256.HashData(made[output]));
}

made[$"{Sources}/made.sha256"] = Encoding.UTF8.GetBytes(string.Concat(sums.Select(s => $"{s.Value}  {s.Key}\n")));
int different = 0;
foreach ((string path, byte[] bytes) in made)
{
    if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
    {
        continue;
    }

    different++;
    Console.WriteLine($"{(isCheck ? "differs" : "written")}: {path} ({bytes.Length:N0} bytes)");
    if (!isCheck)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}

Console.WriteLine($"{made.Count} files, {different} {(isCheck ? "different" : "written")}");
return isCheck && different > 0 ? 1 : 0;

/// <summary>One source: its settings and its text.</summary>
sealed record Source(IReadOnlyDictionary<string, string> Settings, string Text)
{
    public static Source Parse(string file)
    {
        int end = file.IndexOf("\n---\n", StringComparison.Ordinal);
        if (!file.StartsWith("---\n", StringComparison.Ordinal) || end < 0)
        {
            throw new InvalidDataException("A source begins with settings between two lines of ---");
        }

        var settings = file[4..end].Split('\n').Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]);
        return new Source(settings, file[(end + 5)..]);
    }

    public string this[string key] => Settings.GetValueOrDefault(key, "");

    public DateOnly Date => DateOnly.Parse(this["date"]);

    /// <summary>Paragraphs, headings, list items, tables and page breaks, in order.</summary>
    public IEnumerable<Block> Blocks()
    {
        foreach (string part in Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = part.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var rows = new List<string[]>();
            foreach (string line in lines)
            {
                if (line.StartsWith("| ", StringComparison.Ordinal))
                {
                    rows.Add([.. line.Trim('|', ' ').Split('|').Select(c => c.Trim())]);
                    continue;
                }

                (Kind kind, int skip) = line switch
                {
                    "=== page ===" => (Kind.PageBreak, line.Length),
                    ['#', ' ', ..] => (Kind.Title, 2),
                    ['#', '#', ' ', ..] => (Kind.Heading, 3),
                    ['-', ' ', ..] => (Kind.Bullet, 2),
                    [>= '0' and <= '9', '.', ' ', ..] => (Kind.Numbered, 0),
                    _ => (Kind.Paragraph, 0),
                };
                yield return new Block(kind, line[skip..], []);
            }

            if (rows.Count > 0)
            {
                yield return new Block(Kind.Table, "", rows);
            }
        }
    }
}

enum Kind
{
    Title,
    Heading,
    Paragraph,
    Bullet,
    Numbered,
    Table,
    PageBreak,
}

sealed record Block(Kind Kind, string Text, IReadOnlyList<string[]> Rows);

static class Maker
{
    public static byte[] Make(string output, Source source) => Path.GetExtension(output) switch
    {
        ".pdf" when source["image"] != "" => Scan.Write(source),
        ".pdf" => new PdfLayout(source).Write(),
        ".docx" => Cut(Docx.Write(source), source["keep"]),
        _ => DirtyText(source),
    };

    static byte[] Cut(byte[] bytes, string keep) =>
        keep == "" ? bytes : bytes[..(bytes.Length * int.Parse(keep.TrimEnd('%', ' ')) / 100)];

    static byte[] DirtyText(Source source)
    {
        string text = source.Text
            .Replace("{NUL}", "\0").Replace("{BEL}", "\a").Replace("{ZWSP}", "\u200B").Replace("{ZWNJ}", "\u200C").Replace("{WJ}", "\u2060")
            .Replace("{SHY}", "\u00AD").Replace("{RLO}", "\u202E").Replace("{PDF}", "\u202C").Replace("{BOM}", "\uFEFF");
        Encoding windows = Encoding.GetEncoding(1252);
        if (source["dirt"] == "mojibake")
        {
            text = windows.GetString(Encoding.UTF8.GetBytes(text));
        }

        return (source["encoding"] == "windows-1252" ? windows : new UTF8Encoding(false)).GetBytes(text);
    }
}

/// <summary>Flows blocks into columns and pages, then hands the pages to <see cref="PdfFile"/>.</summary>
sealed class PdfLayout(Source source)
{
    const double PageWidth = 595, PageHeight = 842, Margin = 56, Gutter = 24, Top = 776, Bottom = 72;

    readonly List<StringBuilder> _pages = [];
    readonly int _columns = source["columns"] == "2" ? 2 : 1;
    readonly bool _hasLigatures = source["ligatures"] == "yes";
    readonly bool _hyphenates = source["hyphenate"] == "yes";
    int _column;
    double _y;

    double Width => _columns == 1 ? PageWidth - (2 * Margin) : (PageWidth - (2 * Margin) - Gutter) / 2;

    double Left => Margin + (_column * (Width + Gutter));

    public byte[] Write()
    {
        NewPage();
        foreach (Block block in source.Blocks())
        {
            switch (block.Kind)
            {
                case Kind.PageBreak: NewPage(); break;
                case Kind.Title: Flow(block.Text, "F2", 18, 0, 12); break;
                case Kind.Heading: _y -= 4; Flow(block.Text, "F2", 12.5, 0, 5); break;
                case Kind.Bullet: Flow(block.Text, "F1", 10.5, 14, 4, "•"); break;
                case Kind.Numbered: Flow(block.Text[3..], "F1", 10.5, 18, 4, block.Text[..2]); break;
                case Kind.Table: Table(block.Rows); break;
                default: Flow(block.Text, "F1", 10.5, 0, 8); break;
            }
        }

        for (int i = 0; i < _pages.Count; i++)
        {
            Show(_pages[i], source["header"], "F1", 8, Margin, PageHeight - 40);
            string footer = source["footer"].Replace("{page}", $"{i + 1}").Replace("{pages}", $"{_pages.Count}");
            Show(_pages[i], footer, "F1", 8, Margin, 40);
        }

        return PdfFile.Write(source, [.. _pages.Select(p => p.ToString())], _hasLigatures, image: null);
    }

    void NewPage()
    {
        _pages.Add(new StringBuilder());
        (_column, _y) = (0, Top);
    }

    void Need(double height)
    {
        if (_y - height >= Bottom)
        {
            return;
        }

        if (_column + 1 < _columns)
        {
            (_column, _y) = (_column + 1, Top);
            return;
        }

        NewPage();
    }

    void Flow(string text, string font, double size, double indent, double after, string? mark = null)
    {
        double leading = size * 1.32;
        // A heading that would stand alone at the foot of a column goes to the next one.
        Need(font == "F2" ? leading * 4 : leading);
        foreach (string line in Wrap(text, font, size, Width - indent))
        {
            Need(leading);
            _y -= leading;
            if (mark is not null)
            {
                Show(_pages[^1], mark, font, size, Left + 2, _y);
                mark = null;
            }

            Show(_pages[^1], line, font, size, Left + indent, _y);
        }

        _y -= after;
    }

    void Table(IReadOnlyList<string[]> rows)
    {
        const double Size = 9.5, Leading = 12.5, Gap = 10;
        int columns = rows[0].Length;
        double[] widths = [.. Enumerable.Range(0, columns).Select(c => rows.Max(r => Letters.Width(r[c], "F1", Size)) + Gap)];
        double excess = widths.Sum() - Width;
        if (excess > 0)
        {
            widths[Array.IndexOf(widths, widths.Max())] -= excess;
        }

        foreach ((int index, string[] row) in rows.Index())
        {
            string font = index == 0 ? "F2" : "F1";
            List<string>[] cells = [.. row.Select((cell, c) => Wrap(cell, font, Size, widths[c] - (Gap / 2)).ToList())];
            int lines = cells.Max(c => c.Count);
            Need(lines * Leading);
            for (int line = 0; line < lines; line++)
            {
                _y -= Leading;
                double x = Left;
                for (int c = 0; c < columns; c++)
                {
                    if (line < cells[c].Count)
                    {
                        Show(_pages[^1], cells[c][line], font, Size, x, _y);
                    }

                    x += widths[c];
                }
            }

            _y -= 3;
            _pages[^1].Append($"{(index == 0 ? 0.8 : 0.3):0.0} w {Left:0.##} {_y:0.##} m {Left + Width:0.##} {_y:0.##} l S\n");
        }

        _y -= 10;
    }

    IEnumerable<string> Wrap(string text, string font, double size, double width)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            string before = line.Length == 0 ? "" : line + " ";
            if (line.Length == 0 || Letters.Width(before + word, font, size) <= width)
            {
                line.Clear().Append(before).Append(word);
                continue;
            }

            int cut = _hyphenates ? Letters.Hyphenation(word).Where(i => Letters.Width($"{before}{word[..i]}-", font, size) <= width).DefaultIfEmpty().Max() : 0;
            yield return cut > 0 ? $"{before}{word[..cut]}-" : line.ToString();
            line.Clear().Append(word[cut..]);
        }

        yield return line.ToString();
    }

    void Show(StringBuilder page, string text, string font, double size, double x, double y)
    {
        string shown = _hasLigatures ? text.Replace("fi", "\u0080").Replace("fl", "\u0081") : text;
        if (shown.Length > 0)
        {
            page.Append($"BT /{font} {size:0.##} Tf {x:0.##} {y:0.##} Td ({Letters.Escape(shown)}) Tj ET\n");
        }
    }
}

static class Letters
{
    // Advance widths of Helvetica for the characters 32 to 126, from its font metrics; bold text is taken as 8 % wider.
    static readonly int[] Helvetica =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
        556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
        556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    public static double Width(string text, string font, double size) =>
        text.Sum(c => c is >= ' ' and <= '~' ? Helvetica[c - ' '] : 500) * size * (font == "F2" ? 1.08 : 1) / 1000;

    /// <summary>Where a word may be parted: before a consonant that a vowel follows, three letters on each side. Begins with 0, "not at all".</summary>
    public static IEnumerable<int> Hyphenation(string word)
    {
        yield return 0;
        string letters = word.TrimEnd('.', ',', ';', ':');
        if (letters.Length < 7 || !letters.All(char.IsAsciiLetterLower))
        {
            yield break;
        }

        bool IsVowel(int i) => "aeiouy".Contains(letters[i]);
        for (int i = 3; i <= letters.Length - 3; i++)
        {
            bool isBetweenConsonants = IsVowel(i - 2) && !IsVowel(i - 1) && !IsVowel(i) && IsVowel(i + 1);
            bool isBeforeConsonant = IsVowel(i - 1) && !IsVowel(i) && IsVowel(i + 1);
            if (isBeforeConsonant || (isBetweenConsonants && letters[(i - 1)..(i + 1)] is not ("ch" or "sh" or "th" or "ck" or "ph")))
            {
                yield return i;
            }
        }
    }

    /// <summary>WinAnsi bytes as a PDF literal string without its brackets; what is not ASCII in octal.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        Encoding windows = Encoding.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        foreach (char c in text)
        {
            byte code = c is '\u0080' or '\u0081' ? (byte)c : windows.GetBytes([c])[0];
            escaped.Append(code switch
            {
                (byte)'(' or (byte)')' or (byte)'\\' => $"\\{(char)code}",
                >= 32 and <= 126 => $"{(char)code}",
                _ => $"\\{Convert.ToString(code, 8).PadLeft(3, '0')}",
            });
        }

        return escaped.ToString();
    }
}

/// <summary>The objects of a PDF file, in the order of their numbers: catalogue, pages, information, two fonts, their map, the image, then two for each page.</summary>
static class PdfFile
{
    const int FirstPage = 8;

    public static byte[] Write(Source source, string[] pages, bool hasLigatures, (int Width, int Height, byte[] Bits)? image)
    {
        byte[] id = MD5.HashData(Encoding.UTF8.GetBytes(source["title"]));
        PdfLock? gate = source["password"] == "" ? null : new PdfLock(source["password"], id);
        string encoding = hasLigatures ? "<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[128/fi/fl]>>/ToUnicode 6 0 R" : "/WinAnsiEncoding";
        string kids = string.Join(' ', pages.Select((_, i) => $"{FirstPage + (2 * i)} 0 R"));
        var objects = new List<(string Head, byte[]? Stream)>
        {
            ("<</Type/Catalog/Pages 2 0 R/Lang(en)>>", null),
            ($"<</Type/Pages/Count {pages.Length}/Kids[{kids}]>>", null),
            ("", null),
            ($"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding {encoding}>>", null),
            ($"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding {encoding}>>", null),
            ("<<", Encoding.ASCII.GetBytes(LigatureMap)),
            image is { } i ? ($"<</Type/XObject/Subtype/Image/Width {i.Width}/Height {i.Height}/ColorSpace/DeviceGray/BitsPerComponent 1", i.Bits) : ("<<>>", null),
        };
        string resources = image is null ? "/Font<</F1 4 0 R/F2 5 0 R>>" : "/XObject<</I1 7 0 R>>";
        foreach ((int index, string page) in pages.Index())
        {
            objects.Add(($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{resources}>>/Contents {FirstPage + (2 * index) + 1} 0 R>>", null));
            objects.Add(("<<", Encoding.Latin1.GetBytes(page)));
        }

        return Assemble(source, objects, gate, Convert.ToHexString(id));
    }

    static byte[] Assemble(Source source, List<(string Head, byte[]? Stream)> objects, PdfLock? gate, string id)
    {
        using var file = new MemoryStream();
        void Put(string text) => file.Write(Encoding.Latin1.GetBytes(text));
        Put("%PDF-1.5\n%\u00E2\u00E3\u00CF\u00D3\n");
        var offsets = new List<long>();
        foreach ((int index, (string head, byte[]? stream)) in objects.Index())
        {
            int number = index + 1;
            offsets.Add(file.Position);
            Put($"{number} 0 obj\n");
            if (number == 3)
            {
                string Hex(string text) => Convert.ToHexString(Lock(gate, number, Encoding.Latin1.GetBytes(text)));
                Put($"<</Title<{Hex(source["title"])}>/Author<{Hex(source["author"])}>/CreationDate<{Hex($"D:{source.Date:yyyyMMdd}090000Z")}>>>");
            }
            else if (stream is null)
            {
                Put(gate is null ? head : head.Replace("/Lang(en)", ""));
            }
            else
            {
                byte[] bytes = Lock(gate, number, stream);
                Put($"{head}/Length {bytes.Length}>>\nstream\n");
                file.Write(bytes);
                Put("\nendstream");
            }

            Put("\nendobj\n");
        }

        long table = file.Position;
        Put($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n{string.Concat(offsets.Select(o => $"{o:D10} 00000 n \n"))}");
        Put($"trailer\n<</Size {objects.Count + 1}/Root 1 0 R/Info 3 0 R/ID[<{id}><{id}>]{gate?.Dictionary}>>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    static byte[] Lock(PdfLock? gate, int number, byte[] bytes) => gate is null ? bytes : gate.Encrypt(number, bytes);

    // The two ligatures read as U+FB01 and U+FB02, as careless producers write them; a reader has to take them apart.
    const string LigatureMap =
        """
        /CIDInit /ProcSet findresource begin
        12 dict begin
        begincmap
        /CMapName /Handbook def
        /CMapType 2 def
        1 begincodespacerange
        <00> <FF>
        endcodespacerange
        2 beginbfchar
        <80> <FB01>
        <81> <FB02>
        endbfchar
        1 beginbfrange
        <20> <7E> <0020>
        endbfrange
        endcmap
        CMapName currentdict /CMap defineresource pop
        end
        end
        """;
}

/// <summary>The standard security handler, revision 3: RC4 with 128 bits. Weak on purpose of the sample: it only has to be locked.</summary>
sealed class PdfLock
{
    const int Permissions = -44;

    static readonly byte[] Padding = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");

    readonly byte[] _key;

    public PdfLock(string password, byte[] id)
    {
        byte[] padded = [.. Encoding.Latin1.GetBytes(password).Concat(Padding).Take(32)];
        byte[] owner = Rounds(Fifty(MD5.HashData(padded)), padded);
        _key = Fifty(MD5.HashData([.. padded, .. owner, .. BitConverter.GetBytes(Permissions), .. id]));
        byte[] user = Rounds(_key, MD5.HashData([.. Padding, .. id]));
        Dictionary = $"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P {Permissions}/O<{Convert.ToHexString(owner)}>/U<{Convert.ToHexString(user)}{new string('0', 32)}>>>";
    }

    public string Dictionary { get; }

    public byte[] Encrypt(int number, byte[] bytes) =>
        Rc4(MD5.HashData([.. _key, (byte)number, (byte)(number >> 8), (byte)(number >> 16), 0, 0]), bytes);

    static byte[] Fifty(byte[] hash)
    {
        for (int i = 0; i < 50; i++)
        {
            hash = MD5.HashData(hash);
        }

        return hash;
    }

    static byte[] Rounds(byte[] key, byte[] data)
    {
        for (int round = 0; round < 20; round++)
        {
            data = Rc4([.. key.Select(k => (byte)(k ^ round))], data);
        }

        return data;
    }

    static byte[] Rc4(byte[] key, byte[] data)
    {
        byte[] state = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }

        byte[] result = new byte[data.Length];
        for (int n = 0, i = 0, j = 0; n < data.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            result[n] = (byte)(data[n] ^ state[(state[i] + state[j]) & 255]);
        }

        return result;
    }
}

/// <summary>A page that is only a picture: no letter in it can be read without character recognition.</summary>
static class Scan
{
    const int Width = 400, Height = 220, Scale = 6;

    // Five columns and seven rows for each letter that the label needs; a row is five bits.
    static readonly Dictionary<char, string> Glyphs = new()
    {
        ['R'] = "1E1111" + "1E141211", ['A'] = "0E1111" + "1F111111", ['C'] = "0E1110" + "1010110E", ['K'] = "111214" + "18141211", ['N'] = "111915" + "13111111",
        ['G'] = "0E1110" + "1711110F", ['P'] = "1E1111" + "1E101010", ['U'] = "111111" + "1111110E", ['X'] = "11110A" + "040A1111", ['B'] = "1E1111" + "1E11111E",
        ['0'] = "0E1113" + "1519110E", ['2'] = "0E1101" + "0204081F", ['4'] = "02060A" + "121F0202", ['8'] = "0E1111" + "0E11110E", ['-'] = "000000" + "1F000000",
        [' '] = "00000000000000",
    };

    public static byte[] Write(Source source)
    {
        byte[] bits = new byte[Width / 8 * Height];
        Array.Fill(bits, (byte)0xFF);
        int top = 20;
        foreach (string line in source["image"].Split(" / "))
        {
            foreach ((int index, char c) in line.Index())
            {
                Stamp(bits, Convert.FromHexString(Glyphs[c]), 20 + (index * 6 * Scale), top);
            }

            top += 10 * Scale;
        }

        // Specks, as from a dirty glass plate: a linear congruential sequence with a fixed start.
        for (uint n = 0, speck = 2026; n < 400; n++)
        {
            speck = (speck * 1664525) + 1013904223;
            Blacken(bits, (int)(speck >> 8) % Width, (int)(speck >> 20) % Height);
        }

        string page = "q 400 0 0 220 98 480 cm /I1 Do Q\n";
        return PdfFile.Write(source, [page], hasLigatures: false, (Width, Height, bits));
    }

    static void Stamp(byte[] bits, byte[] rows, int left, int top)
    {
        for (int y = 0; y < 7 * Scale; y++)
        {
            for (int x = 0; x < 5 * Scale; x++)
            {
                if ((rows[y / Scale] & (16 >> (x / Scale))) != 0)
                {
                    Blacken(bits, left + x, top + y);
                }
            }
        }
    }

    static void Blacken(byte[] bits, int x, int y) => bits[(y * (Width / 8)) + (x / 8)] &= (byte)~(128 >> (x % 8));
}

/// <summary>A Word document by hand: five small parts in a zip without compression.</summary>
static class Docx
{
    const string Declaration = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    const string Package = "http://schemas.openxmlformats.org/package/2006";
    const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Write(Source source)
    {
        string body = string.Concat(source.Blocks().Select(Element));
        string types = "application/vnd.openxmlformats-officedocument.wordprocessingml";
        return Zip.Write(source.Date,
        [
            ("[Content_Types].xml", $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{types}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{types}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"""),
            ("_rels/.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="{Package}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"""),
            ("docProps/core.xml", $"""<cp:coreProperties xmlns:cp="{Package}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{Xml(source["title"])}</dc:title><dc:creator>{Xml(source["author"])}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{source.Date:yyyy-MM-dd}T09:00:00Z</dcterms:created></cp:coreProperties>"""),
            ("word/_rels/document.xml.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/styles" Target="styles.xml"/></Relationships>"""),
            ("word/styles.xml", $"""<w:styles xmlns:w="{Word}">{Style("Normal", "Normal", 21, "")}{Style("Heading1", "heading 1", 36, "0")}{Style("Heading2", "heading 2", 26, "1")}{Style("ListBullet", "List Bullet", 21, "")}</w:styles>"""),
            ("word/document.xml", $"""<w:document xmlns:w="{Word}"><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>"""),
        ]);
    }

    static string Style(string id, string name, int halfPoints, string level)
    {
        string outline = level == "" ? "" : $"""<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>""";
        string bold = level == "" ? "" : "<w:b/>";
        return $"""<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>{outline}<w:rPr>{bold}<w:sz w:val="{halfPoints}"/></w:rPr></w:style>""";
    }

    static string Element(Block block) => block.Kind switch
    {
        Kind.Title => Paragraph("Heading1", block.Text),
        Kind.Heading => Paragraph("Heading2", block.Text),
        Kind.Bullet => Paragraph("ListBullet", block.Text),
        Kind.Table => $"<w:tbl><w:tblPr/><w:tblGrid/>{string.Concat(block.Rows.Select(Row))}</w:tbl>",
        Kind.PageBreak => """<w:p><w:r><w:br w:type="page"/></w:r></w:p>""",
        _ => Paragraph("Normal", block.Text),
    };

    static string Row(string[] cells) => $"<w:tr>{string.Concat(cells.Select(c => $"<w:tc>{Paragraph("Normal", c)}</w:tc>"))}</w:tr>";

    static string Paragraph(string style, string text) =>
        $"""<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{Xml(text)}</w:t></w:r></w:p>""";

    static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>Stored entries only: a compressor may give other bytes with the next version of its library.</summary>
    static class Zip
    {
        public static byte[] Write(DateOnly date, (string Name, string Text)[] parts)
        {
            using var file = new MemoryStream();
            using var list = new MemoryStream();
            int day = ((date.Year - 1980) << 9) | (date.Month << 5) | date.Day;
            foreach ((string name, string text) in parts)
            {
                byte[] label = Encoding.ASCII.GetBytes(name);
                byte[] data = Encoding.UTF8.GetBytes(Declaration + "\n" + text);
                uint offset = (uint)file.Position;
                // Version 2.0, no flags, stored, 09:00:00 of the day, checksum, both sizes, length of the name, no extra field.
                byte[] common = [20, 0, 0, 0, 0, 0, 0, 0x48, .. Two(day), .. Four(Crc(data)), .. Four((uint)data.Length), .. Four((uint)data.Length), .. Two(label.Length), 0, 0];
                file.Write([.. "PK\u0003\u0004"u8, .. common, .. label, .. data]);
                list.Write([.. "PK\u0001\u0002"u8, 20, 0, .. common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Four(offset), .. label]);
            }

            uint start = (uint)file.Position;
            byte[] listed = list.ToArray();
            file.Write([.. listed, .. "PK\u0005\u0006"u8, 0, 0, 0, 0, .. Two(parts.Length), .. Two(parts.Length), .. Four((uint)listed.Length), .. Four(start), 0, 0]);
            return file.ToArray();
        }

        static byte[] Two(int value) => [(byte)value, (byte)(value >> 8)];

        static byte[] Four(uint value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

        static uint Crc(byte[] data)
        {
            uint crc = uint.MaxValue;
            foreach (byte b in data)
            {
                crc ^= b;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }
            }

            return ~crc;
        }
    }
}
