using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Holdfast.Documents.Reading.Html;

namespace Holdfast.Documents.Reading.Markdown;

/// <summary>HTML inside of Markdown: blocks are read as HTML is, comments are hidden text.</summary>
internal static class MarkdownHtml
{
    public static void Write(string html, DraftBuilder builder, ref int hidden)
    {
        Count(html, ref hidden);
        builder.Close();
        HtmlParser parser = new(new HtmlParserOptions { SkipComments = true, SkipScriptText = true, SkipRawText = true, MaximumDepth = 64 });
        using IHtmlDocument document = parser.ParseDocument(html);
        hidden += new HtmlWalker(builder, isInMain: true, CancellationToken.None).Walk(document.Body);
    }

    /// <summary>Counts a comment that says something.</summary>
    public static void Count(string html, ref int hidden)
    {
        int start = html.IndexOf("<!--", StringComparison.Ordinal);
        while (start >= 0)
        {
            int end = html.IndexOf("-->", start + 4, StringComparison.Ordinal);
            ReadOnlySpan<char> comment = html.AsSpan(start + 4, (end < 0 ? html.Length : end) - start - 4);
            hidden += comment.IsWhiteSpace() ? 0 : 1;
            start = end < 0 ? -1 : html.IndexOf("<!--", end, StringComparison.Ordinal);
        }
    }
}
