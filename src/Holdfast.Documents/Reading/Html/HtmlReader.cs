using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Html;

/// <summary>Reads a page's main content by AngleSharp; what is no content is not even built where the parser allows that.</summary>
internal static class HtmlReader
{
    // A page whose main content is that small a part of it is built otherwise than we think; then the whole body is read.
    private const int MainCharactersMin = 80;
    private const int WholeToMain = 10;

    public static Draft Read(ReadJob job)
    {
        using IHtmlDocument document = Parse(job);
        IElement? main = Main(document);
        DraftBuilder builder = new(job.Options.CharactersMax);
        int hidden = new HtmlWalker(builder, isInMain: main is not null, job.CancellationToken).Walk(main ?? document.Body);
        if (builder.Length < MainCharactersMin && document.Body is not null)
        {
            DraftBuilder whole = new(job.Options.CharactersMax);
            int hiddenInWhole = new HtmlWalker(whole, isInMain: true, job.CancellationToken).Walk(document.Body);
            if (whole.Length > WholeToMain * builder.Length)
            {
                (builder, hidden) = (whole, hiddenInWhole);
            }
        }

        string text = builder.ToString();
        return new Draft
        {
            MediaType = "text/html",
            Text = text,
            Blocks = builder.Blocks,
            Title = Title(document, text, builder.Blocks),
            Attributes = Attributes(document, job.Options),
            Counts = hidden > 0 ? [new RuleCount("hidden-text", hidden)] : [],
        };
    }

    private static IHtmlDocument Parse(ReadJob job)
    {
        HtmlParser parser = new(new HtmlParserOptions
        {
            IsScripting = false,
            IsKeepingSourceReferences = false,
            DisableElementPositionTracking = true,
            SkipComments = true,
            SkipProcessingInstructions = true,
            SkipScriptText = true,
            SkipRawText = true,

            // The only place where a parse can be stopped: formatting elements left open make the tree builder quadratic.
            OnCreated = (_, _) => job.CancellationToken.ThrowIfCancellationRequested(),
            MaximumDepth = job.Options.HtmlDepthMax,
            ShouldEmitAttribute = static (ref AngleSharp.Html.Parser.Tokens.Struct.StructHtmlToken _, ReadOnlyMemory<char> name) => name.Span switch
            {
                "class" or "role" or "style" or "hidden" or "aria-hidden" or "name" or "content" or "lang" or "bgcolor" or "start" => true,
                _ => false,
            },
        });
        return parser.ParseDocument(job.Text);
    }

    private static IElement? Main(IHtmlDocument document)
    {
        IElement? article = null;
        int articles = 0;
        foreach (IElement element in document.All)
        {
            if (element.LocalName == "main" || string.Equals(element.GetAttribute("role"), "main", StringComparison.OrdinalIgnoreCase))
            {
                return element;
            }

            if (element.LocalName == "article")
            {
                article = element;
                articles++;
            }
        }

        return articles == 1 ? article : null;
    }

    private static string? Title(IHtmlDocument document, string text, IReadOnlyList<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            if (block.Kind == BlockKind.Heading && block.Level <= 2)
            {
                return text.Substring(block.Start, block.Length);
            }
        }

        return document.Title;
    }

    private static Dictionary<string, object> Attributes(IHtmlDocument document, DocumentOptions options)
    {
        AttributeSet attributes = new(options);
        attributes.Add("language", document.DocumentElement?.GetAttribute("lang"));
        if (document.Head is not null)
        {
            foreach (IElement element in document.Head.Children)
            {
                string? name = element.LocalName == "meta" ? element.GetAttribute("name") : null;
                if (name is "author" or "description" or "keywords" or "date")
                {
                    attributes.Add(name, element.GetAttribute("content"));
                }
            }
        }

        return attributes.ToDictionary();
    }
}
