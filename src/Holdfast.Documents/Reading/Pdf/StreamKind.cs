using UglyToad.PdfPig.Tokens;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>Tells streams of drawing instructions (page contents and forms) from fonts, pictures and tables by their dictionaries.</summary>
internal static class StreamKind
{
    private static readonly NameToken[] FontKeys = [NameToken.Length1, NameToken.Length2];

    public static bool IsDrawn(DictionaryToken dictionary)
    {
        if (dictionary.TryGet(NameToken.Subtype, out NameToken subtype))
        {
            return subtype.Data == "Form";
        }

        foreach (NameToken key in FontKeys)
        {
            if (dictionary.ContainsKey(key))
            {
                return false;
            }
        }

        // Contents of a page have no type at all; object streams, tables and metadata have.
        return !dictionary.ContainsKey(NameToken.Type);
    }
}
