using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>Text to ids and back for one model. Immutable; any thread may use it.</summary>
internal sealed class Tokenizer
{
    private readonly ITextEncoder _encoder;
    private readonly SpecialTokens _special;
    private readonly bool[] _ownBytes;
    private readonly bool _ownsBeyondAscii;

    public Tokenizer(TokenizerData data)
    {
        if (!TokenizerModels.All.Contains(data.Model))
        {
            throw new TokenizerDataException($"tokenizer.ggml.model is '{data.Model}'; known are {string.Join(", ", TokenizerModels.All)}");
        }

        Data = data with { Tokens = [], Types = [], Scores = [], Merges = [] };
        Vocabulary = new Vocabulary(data);
        CheckIds(data);
        _encoder = data.Model switch
        {
            TokenizerModels.Bpe => new BpeEncoder(data, Vocabulary),
            TokenizerModels.SentencePiece => new SentencePieceEncoder(data, Vocabulary),
            _ => new WordPieceEncoder(data, Vocabulary),
        };
        _special = new SpecialTokens(Vocabulary);
        AddsBos = data.Bos is not null && (data.AddsBos ?? data.Model switch
        {
            TokenizerModels.Bpe => PieceRule.Named(data.Pre).AddsBos,
            TokenizerModels.SentencePiece => true,
            _ => false,
        });
        _ownBytes = Vocabulary.OwnBytes();
        _ownsBeyondAscii = !_ownBytes.AsSpan(0x80, 0x40).Contains(false) && !_ownBytes.AsSpan(0xC2, 0xF5 - 0xC2).Contains(false);
        EndTokens = FindEndTokens(data);
        EndToken = data.Eos is { } eos && EndTokens.Contains(eos) ? eos : EndTokens.Order().FirstOrDefault(-1);
    }

    /// <summary>The file's values without the long lists.</summary>
    public TokenizerData Data { get; }

    public Vocabulary Vocabulary { get; }

    /// <summary>Whether a prompt must begin with the begin token.</summary>
    public bool AddsBos { get; }

    /// <summary>A generation stops at any of these.</summary>
    public IReadOnlySet<int> EndTokens { get; }

    /// <summary>The one of them that we put ourselves.</summary>
    public int EndToken { get; }

    /// <summary>Bytes held, for the memory report.</summary>
    public long HeldBytes => Vocabulary.HeldBytes + _encoder.HeldBytes;

    /// <summary>The id of a special token by its name, or null.</summary>
    public int? FindSpecial(string name) => _special.Names.TryGetValue(name, out var id) ? id : null;

    /// <summary>The name of a special token, or null where the model has none.</summary>
    public string? NameOf(int? id) => id is { } known ? Encoding.UTF8.GetString(Vocabulary.BytesOf(known)) : null;

    /// <summary>Ids of a plain text. <paramref name="allowSpecial"/>: the text is our own or a template's.</summary>
    public List<int> Encode(string text, bool allowSpecial) => Encode([new TextSpan(text, allowSpecial)]);

    /// <summary>Ids of the beginning of a plain text: it may end early once there are more than <paramref name="idsMax"/>.</summary>
    public List<int> EncodeStart(string text, int idsMax) => Encode(text, [], idsMax);

    /// <summary>So many tokens a text has at least, whatever they are; known without tokenising it.</summary>
    public int LeastTokens(string text) => LeastTokens([new TextSpan(text, false)]);

    /// <summary>As <see cref="LeastTokens(string)"/>, of spans that follow each other.</summary>
    public int LeastTokens(IReadOnlyList<TextSpan> spans)
    {
        if (Data.Model == TokenizerModels.WordPiece)
        {
            // A word of any length may be one unknown token, and marks are dropped.
            return 0;
        }

        var bytes = 0L;
        foreach (var span in spans)
        {
            foreach (var unit in span.Text)
            {
                bytes += unit < 0x80 ? _ownBytes[unit] ? 1 : 0 : !_ownsBeyondAscii ? 0 : unit < 0x800 || char.IsSurrogate(unit) ? 2 : 3;
            }
        }

        return (int)Math.Min(int.MaxValue, (bytes + Vocabulary.BytesMax - 1) / Vocabulary.BytesMax);
    }

    /// <summary>Ids of spans that follow each other: text is cut and merged across their borders, special tokens are not found across them.</summary>
    public List<int> Encode(IReadOnlyList<TextSpan> spans)
    {
        var (text, templateEnds) = Join(spans);
        return Encode(text, templateEnds, int.MaxValue);
    }

    /// <summary>Ids of a text in the middle of another: no space is put before it.</summary>
    public List<int> EncodeContinuation(string text, bool allowSpecial)
    {
        var ids = Encode(text, allowSpecial);
        if (Data.Model != TokenizerModels.SentencePiece || !(Data.AddsSpacePrefix ?? true))
        {
            return ids;
        }

        // A line break is a token of its own in these vocabularies: behind it no space is put.
        var (marked, mark) = (Encode("\n" + text, allowSpecial), Encode("\n", allowSpecial));
        return marked.Take(mark.Count).SequenceEqual(mark) ? marked[mark.Count..] : [];
    }

    /// <summary>As <see cref="Encode(IReadOnlyList{TextSpan})"/>, with the begin token in front where the model wants it and the template has not put it.</summary>
    public List<int> EncodePrompt(IReadOnlyList<TextSpan> spans)
    {
        var ids = Encode(spans);
        if (AddsBos && Data.Bos is { } bos && (ids.Count == 0 || ids[0] != bos))
        {
            ids.Insert(0, bos);
        }

        return ids;
    }

    private List<int> Encode(string text, List<(int Start, int End)> templateEnds, int idsMax)
    {
        var ids = new List<int>(Math.Min(text.Length / 3, idsMax) + 4);
        var plainStart = 0;
        var isAfterSpecial = true;
        for (var i = 0; i < text.Length && ids.Count <= idsMax;)
        {
            var id = _special.Find(text, i, TemplateEnd(templateEnds, i), out var length);
            if (id < 0)
            {
                i++;
                continue;
            }

            EncodePlain(text.AsSpan(plainStart, i - plainStart), isAfterSpecial, ids, idsMax);
            ids.Add(id);
            i += length;
            plainStart = i;
            isAfterSpecial = true;
        }

        EncodePlain(text.AsSpan(plainStart), isAfterSpecial, ids, idsMax);
        return ids;
    }

    private static (string Text, List<(int Start, int End)> TemplateEnds) Join(IReadOnlyList<TextSpan> spans)
    {
        if (spans is [{ IsTemplate: false } only])
        {
            return (only.Text, []);
        }

        var text = new StringBuilder();
        var ends = new List<(int Start, int End)>();
        foreach (var span in spans)
        {
            var start = text.Length;
            text.Append(span.Text);
            if (!span.IsTemplate || span.Text.Length == 0)
            {
                continue;
            }

            if (ends.Count > 0 && ends[^1].End == start)
            {
                ends[^1] = (ends[^1].Start, text.Length);
            }
            else
            {
                ends.Add((start, text.Length));
            }
        }

        return (text.ToString(), ends);
    }

    // The end of the template stretch that holds the place; the place itself when none does.
    private static int TemplateEnd(List<(int Start, int End)> ends, int place)
    {
        var (low, high) = (0, ends.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (ends[middle].End <= place)
            {
                low = middle + 1;
            }
            else if (ends[middle].Start > place)
            {
                high = middle - 1;
            }
            else
            {
                return ends[middle].End;
            }
        }

        return place;
    }

    private void EncodePlain(ReadOnlySpan<char> text, bool isAfterSpecial, List<int> ids, int idsMax)
    {
        if (text.Length > 0 && ids.Count <= idsMax)
        {
            _encoder.Encode(text, isAfterSpecial, ids, idsMax);
        }
    }

    private static void CheckIds(TokenizerData data)
    {
        ReadOnlySpan<(string Name, int? Id)> named =
        [
            ("bos", data.Bos), ("eos", data.Eos), ("eot", data.Eot), ("unknown", data.Unknown), ("seperator", data.Separator), ("cls", data.Cls),
        ];
        foreach (var (name, id) in named)
        {
            if (id < 0 || id >= data.Tokens.Count)
            {
                throw new TokenizerDataException($"tokenizer.ggml.{name}_token_id is {id}; tokenizer.ggml.tokens has {data.Tokens.Count} entries");
            }
        }
    }

    // Beside the named ones, the control tokens that end a turn in the supported families; SmolLM2's "<reponame>" is llama.cpp's own list.
    private HashSet<int> FindEndTokens(TokenizerData data)
    {
        var ends = new HashSet<int>();
        foreach (var id in new[] { data.Eos, data.Eot })
        {
            if (id is { } known)
            {
                ends.Add(known);
            }
        }

        foreach (var name in new[] { "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<|eom_id|>", "</s>", "<reponame>" })
        {
            if (FindSpecial(name) is { } id && Vocabulary.KindOf(id) == TokenKind.Control)
            {
                ends.Add(id);
            }
        }

        return ends;
    }
}
