using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Embedding;

/// <summary>A text as the encoder wants it: [CLS] pieces [SEP], cut at the model's length. User text can never hold a special token.</summary>
internal sealed class TextPieces
{
    /// <summary>A text is counted up to so many times the model's length: further the number helps nobody and costs what the text's length allows.</summary>
    private const int CountedTimesMax = 16;

    private readonly Tokenizer _tokenizer;
    private readonly int _tokensMax;
    private readonly int _first;
    private readonly int _last;

    private TextPieces(Tokenizer tokenizer, string path, int tokensMax)
    {
        (_tokenizer, _tokensMax) = (tokenizer, tokensMax);
        _first = tokenizer.Data.Cls ?? tokenizer.Data.Bos ?? throw new ModelFileException(path, null, "tokenizer.ggml.cls_token_id is missing: nothing says which token begins a text");
        _last = tokenizer.Data.Separator ?? tokenizer.Data.Eos ?? throw new ModelFileException(path, null, "tokenizer.ggml.seperator_token_id is missing: nothing says which token ends a text");
    }

    /// <summary>Throws <see cref="ModelFileException"/> for a vocabulary that an encoder cannot use.</summary>
    public static TextPieces Read(GgufFile file, int tokensMax)
    {
        try
        {
            return new TextPieces(new Tokenizer(TokenizerFile.Read(file.Metadata)), file.Path, tokensMax);
        }
        catch (TokenizerDataException fault)
        {
            throw new ModelFileException(file.Path, null, fault.Message);
        }
    }

    /// <summary>The ids, and how many there were before the cut, or were at least. None where the text is too long whatever its pieces are, and a cut is not allowed.</summary>
    public (int[] Ids, int Tokens, bool IsLeast) Of(string text, bool allowsCut)
    {
        var least = _tokenizer.LeastTokens(text) + 2;
        if (least > _tokensMax && !allowsCut)
        {
            return ([], least, true);
        }

        var piecesMax = CountedTimesMax * _tokensMax;
        var pieces = _tokenizer.EncodeStart(text, piecesMax);
        var kept = Math.Min(pieces.Count, _tokensMax - 2);
        var ids = new int[kept + 2];
        pieces.CopyTo(0, ids, 1, kept);
        (ids[0], ids[^1]) = (_first, _last);
        return (ids, pieces.Count + 2, pieces.Count > piecesMax);
    }

    /// <summary>The whole text in windows of <paramref name="pieces"/> pieces, each <paramref name="stride"/> after the one before; the last may be shorter.</summary>
    public List<int[]> Windows(string text, int pieces, int stride)
    {
        var all = _tokenizer.Encode(text, allowSpecial: false);
        List<int[]> windows = [];
        for (var start = 0; start == 0 || start - stride + pieces < all.Count; start += stride)
        {
            var count = Math.Min(pieces, all.Count - start);
            var ids = new int[count + 2];
            all.CopyTo(start, ids, 1, count);
            (ids[0], ids[^1]) = (_first, _last);
            windows.Add(ids);
        }

        return windows;
    }
}
