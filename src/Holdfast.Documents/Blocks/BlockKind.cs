namespace Holdfast.Documents.Blocks;

/// <summary>What a block of the extracted text is; cleaning leaves the lines of code alone, cutting keeps lines of code and tables whole.</summary>
internal enum BlockKind
{
    Paragraph,
    Heading,
    ListItem,
    Term,
    Definition,
    Code,
    Table,
}
