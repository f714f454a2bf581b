using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// Weighs what the pages will draw before the library draws it: forms that draw forms multiply (ten levels of ten are ten thousand million letters), and the
/// library has no bound for that, nor asks anybody on the way when the streams are not compressed. Each form is weighed once; a form within itself weighs
/// without bound.
/// </summary>
internal sealed class PdfDrawingWalk(PdfDocument document, ExpansionBudget budget, DocumentOptions options)
{
    // Deeper than the library follows. Sums stop here, so that no product overflows.
    private const int NestingMax = 128;
    private const long Unbounded = 1L << 40;

    // Drawing a form costs the library as much time as some letters.
    private const long FormWeight = 10;

    private readonly Dictionary<IndirectReference, long> _weights = [];
    private readonly HashSet<IndirectReference> _open = [];

    /// <summary>Throws the quarantine line when a page is too heavy.</summary>
    public void Check()
    {
        Stack<(DictionaryToken Node, DictionaryToken? Resources)> nodes = new();
        HashSet<IndirectReference> seen = [];
        Push(document.Structure.Catalog.CatalogDictionary, NameToken.Pages, null);
        while (nodes.TryPop(out (DictionaryToken Node, DictionaryToken? Resources) at))
        {
            budget.Charge(0, isDrawn: false, characters: 0);
            DictionaryToken? resources = Resolve(Get(at.Node, NameToken.Resources)) as DictionaryToken ?? at.Resources;
            if (Resolve(Get(at.Node, NameToken.Kids)) is ArrayToken kids)
            {
                foreach (IToken kid in kids.Data)
                {
                    PushToken(kid, resources);
                }
            }
            else
            {
                CheckPage(at.Node, resources);
            }
        }

        void Push(DictionaryToken parent, NameToken name, DictionaryToken? resources) => PushToken(Get(parent, name), resources);

        void PushToken(IToken? token, DictionaryToken? resources)
        {
            bool isNew = token is not IndirectReferenceToken reference || seen.Add(reference.Data);
            if (isNew && Resolve(token) is DictionaryToken node)
            {
                nodes.Push((node, resources));
            }
        }
    }

    private void CheckPage(DictionaryToken page, DictionaryToken? resources)
    {
        long weight = 0;
        IToken? contents = Resolve(Get(page, NameToken.Contents));
        IReadOnlyList<IToken> parts = contents is ArrayToken array ? array.Data : contents is null ? [] : [contents];
        foreach (IToken part in parts)
        {
            weight = Math.Min(Unbounded, weight + (Resolve(part) is StreamToken stream ? WeighContent(stream, resources, depth: 0) : 0));
        }

        if (weight > options.PdfPageCharactersMax)
        {
            budget.RefuseCharacters();
        }
    }

    /// <summary>An upper bound of the letters that a stream shows and the forms that it draws.</summary>
    private long WeighContent(StreamToken stream, DictionaryToken? resources, int depth)
    {
        DictionaryToken? objects = resources is null ? null : Resolve(Get(resources, NameToken.Xobject)) as DictionaryToken;
        bool hasForms = objects is not null && HasForms(objects);
        bool isPacked = stream.StreamDictionary.ContainsKey(NameToken.Filter) || stream.StreamDictionary.ContainsKey(NameToken.F);
        if (isPacked && !hasForms)
        {
            // What it unpacks to is bounded when the page is read.
            return 0;
        }

        budget.BeginPage();
        ReadOnlySpan<byte> content = isPacked
            ? stream.Decode(document.Structure.FilterProvider, document.Structure.TokenScanner).Span
            : stream.Data.Span;
        long weight = ShownText.CharactersAtMost(content);
        int at = 0;
        while (hasForms && at < content.Length)
        {
            int found = content[at..].IndexOf("Do"u8);
            if (found < 0)
            {
                break;
            }

            string? name = ShownText.NameBefore(content, at + found);
            weight = name is null ? weight : Math.Min(Unbounded, weight + WeighObject(objects!, name, depth));
            at += found + 2;
        }

        return weight;
    }

    private bool HasForms(DictionaryToken objects)
    {
        foreach (IToken token in objects.Data.Values)
        {
            if (Resolve(token) is StreamToken stream && IsForm(stream))
            {
                return true;
            }
        }

        return false;
    }

    private long WeighObject(DictionaryToken objects, string name, int depth)
    {
        if (!objects.Data.TryGetValue(name, out IToken? token) || Resolve(token) is not StreamToken stream || !IsForm(stream))
        {
            return 0;
        }

        if (token is not IndirectReferenceToken reference)
        {
            return depth >= NestingMax ? Unbounded : Form(stream, depth);
        }

        if (_weights.TryGetValue(reference.Data, out long known))
        {
            return known;
        }

        if (depth >= NestingMax || !_open.Add(reference.Data))
        {
            return Unbounded;
        }

        long weight = Form(stream, depth);
        _open.Remove(reference.Data);
        _weights[reference.Data] = weight;
        return weight;
    }

    private long Form(StreamToken stream, int depth)
    {
        DictionaryToken? resources = Resolve(Get(stream.StreamDictionary, NameToken.Resources)) as DictionaryToken;
        return Math.Min(Unbounded, FormWeight + WeighContent(stream, resources, depth + 1));
    }

    private static bool IsForm(StreamToken stream) =>
        stream.StreamDictionary.TryGet(NameToken.Subtype, out NameToken subtype) && subtype.Data == "Form";

    private static IToken? Get(DictionaryToken dictionary, NameToken name) => dictionary.TryGet(name, out IToken token) ? token : null;

    private IToken? Resolve(IToken? token)
    {
        for (int i = 0; i < NestingMax && token is IndirectReferenceToken reference; i++)
        {
            token = Find(reference.Data);
        }

        return token;
    }

    private IToken? Find(IndirectReference reference)
    {
        try
        {
            return document.Structure.GetObject(reference)?.Data;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ReadFaultException or OutOfMemoryException))
        {
            // A reference to nothing is common in sloppy files and draws nothing.
            return null;
        }
    }
}
