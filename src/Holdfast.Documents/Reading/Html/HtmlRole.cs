namespace Holdfast.Documents.Reading.Html;

/// <summary>What an element means for the extracted text.</summary>
internal enum HtmlRole
{
    Inline,
    Block,
    Heading,
    List,
    Item,
    Term,
    Definition,
    Preformatted,
    Break,
    Table,
    Row,
    Cell,

    /// <summary>No text for a reader: scripts, styles, controls.</summary>
    Skipped,

    /// <summary>Navigation and page furniture.</summary>
    Furniture,
}
