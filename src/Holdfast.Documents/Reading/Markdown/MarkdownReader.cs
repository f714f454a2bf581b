using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MarkdigBlock = Markdig.Syntax.Block;

namespace Holdfast.Documents.Reading.Markdown;

/// <summary>
/// Reads Markdown by Markdig and writes what a reader of the rendered page sees: no marks of emphasis, links by their text, code with its lines, tables row
/// by row. HTML comments and tags are left out; a comment with text in it counts as hidden text.
/// </summary>
internal sealed class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseDefinitionLists().UseFootnotes().UseAutoLinks().Build();

    private readonly DraftBuilder _builder;
    private readonly CancellationToken _cancellationToken;
    private int _hidden;

    private MarkdownReader(ReadJob job)
    {
        _builder = new DraftBuilder(job.Options.CharactersMax);
        _cancellationToken = job.CancellationToken;
    }

    public static Draft Read(ReadJob job)
    {
        string text = job.Text.TrimStart('\ufeff');
        AttributeSet attributes = new(job.Options);
        int body = FrontMatter.Read(text, attributes, out string? title);

        // Form feeds and NUL end lines for nobody; the parser turns NUL into U+FFFD, which would count as unreadable.
        MarkdownDocument document = Markdig.Markdown.Parse(text[body..].Replace("\0", "", StringComparison.Ordinal), Pipeline);
        MarkdownReader reader = new(job);
        reader.WriteAll(document);
        reader._builder.Close();
        return new Draft
        {
            MediaType = "text/markdown",
            Text = reader._builder.ToString(),
            Blocks = reader._builder.Blocks,
            Title = title,
            Attributes = attributes.ToDictionary(),
            Counts = reader._hidden > 0 ? [new RuleCount("hidden-text", reader._hidden)] : [],
        };
    }

    private void WriteAll(ContainerBlock container)
    {
        foreach (MarkdigBlock block in container)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Write(block);
        }
    }

    private void Write(MarkdigBlock block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                _builder.Open(BlockKind.Heading, Math.Clamp(heading.Level, 1, 6));
                WriteInlines(heading.Inline);
                _builder.Close();
                break;
            case Table table:
                WriteTable(table);
                break;
            case ListBlock list:
                WriteList(list);
                break;
            case CodeBlock code:
                _builder.Open(BlockKind.Code);
                _builder.AppendRaw(code.Lines.ToString());
                _builder.Close();
                break;
            case HtmlBlock html:
                MarkdownHtml.Write(html.Lines.ToString(), _builder, ref _hidden);
                break;
            case LinkReferenceDefinitionGroup or ThematicBreakBlock:
                break;
            case LeafBlock leaf:
                WriteLeaf(leaf);
                break;
            case ContainerBlock inner:
                WriteAll(inner);
                break;
            default:
                break;
        }
    }

    private void WriteLeaf(LeafBlock leaf)
    {
        // The first paragraph of a list item goes on after its mark.
        if (!_builder.IsOpen)
        {
            _builder.Open(BlockKind.Paragraph);
        }

        WriteInlines(leaf.Inline);
        _builder.Close();
    }

    private void WriteList(ListBlock list)
    {
        int number = list.IsOrdered && int.TryParse(list.OrderedStart, out int start) ? start : 1;
        foreach (MarkdigBlock item in list)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            _builder.Open(BlockKind.ListItem, isTight: _builder.LastKind == BlockKind.ListItem);
            _builder.AppendRaw(list.IsOrdered ? $"{number++}. " : "- ");
            if (item is ContainerBlock { Count: > 0 } container && container[0] is LeafBlock)
            {
                WriteAll(container);
            }
            else if (item is ContainerBlock other)
            {
                _builder.Close();
                WriteAll(other);
            }

            _builder.Close();
        }
    }

    private void WriteTable(Table table)
    {
        _builder.Open(BlockKind.Table);
        foreach (MarkdigBlock row in table)
        {
            _builder.BreakLine();
            bool isFirst = true;
            foreach (MarkdigBlock cell in (ContainerBlock)row)
            {
                if (!isFirst)
                {
                    _builder.AppendRaw(" | ");
                }

                isFirst = false;
                foreach (MarkdigBlock content in (ContainerBlock)cell)
                {
                    WriteInlines((content as LeafBlock)?.Inline);
                }
            }
        }

        _builder.Close();
    }

    private void WriteInlines(ContainerInline? container)
    {
        for (Inline? inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    _builder.AppendCollapsed(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    _builder.AppendCollapsed(code.Content);
                    break;
                case HtmlEntityInline entity:
                    _builder.AppendCollapsed(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline link:
                    _builder.AppendCollapsed(link.Url);
                    break;
                case LineBreakInline { IsHard: true }:
                    _builder.BreakLine();
                    break;
                case LineBreakInline:
                    _builder.SpaceDue();
                    break;
                case HtmlInline html:
                    MarkdownHtml.Count(html.Tag, ref _hidden);
                    break;
                case ContainerInline inner:
                    WriteInlines(inner);
                    break;
                default:
                    break;
            }
        }
    }
}
