using System.Xml;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Docx;

/// <summary>
/// Writes the text of a WordprocessingML stream: headings by style or outline level, list items by their numbering, tables row by row. Deleted text, field
/// codes and fallbacks are not the document's text; hidden runs (w:vanish) are counted and left out.
/// </summary>
internal sealed class DocxBody(DraftBuilder builder, IReadOnlyDictionary<string, int> headingLevels, CancellationToken cancellationToken)
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string StrictWord = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    private int _cells;
    private int _tables;
    private int _level;
    private bool _isListItem;
    private bool _isRunHidden;
    private bool _isInText;
    private bool _isParagraphStarted;

    public int HiddenRuns { get; private set; }

    public void Read(Stream stream)
    {
        using XmlReader reader = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = false,
            CloseInput = false,
        });
        int nodes = 0;
        bool hasNode = reader.Read();
        while (hasNode)
        {
            if ((++nodes & 0xfff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (reader.NodeType == XmlNodeType.Element && IsSkipped(reader))
            {
                reader.Skip();
                hasNode = !reader.EOF;
                continue;
            }

            if (reader.NodeType == XmlNodeType.Element && IsWord(reader))
            {
                Begin(reader);
                if (reader.IsEmptyElement)
                {
                    End(reader.LocalName);
                }
            }
            else if (reader.NodeType == XmlNodeType.EndElement && IsWord(reader))
            {
                End(reader.LocalName);
            }
            else if (_isInText && reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                Write(reader.Value);
            }

            hasNode = reader.Read();
        }
    }

    private static bool IsWord(XmlReader reader) => reader.NamespaceURI is Word or StrictWord;

    private static string Value(XmlReader reader) => reader.GetAttribute("val", reader.NamespaceURI) ?? "";

    private static bool IsSkipped(XmlReader reader) =>
        reader.LocalName is "Fallback" || (IsWord(reader) && reader.LocalName is "delText" or "instrText" or "del" or "moveFrom" or "sectPr" or "separator");

    private void Begin(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "p":
                (_level, _isListItem, _isParagraphStarted) = (0, false, false);
                break;
            case "pStyle":
                string style = Value(reader);
                _level = headingLevels.TryGetValue(style, out int level) ? level : DocxStyles.ByName(style);
                _isListItem |= style.StartsWith("List", StringComparison.OrdinalIgnoreCase);
                break;
            case "outlineLvl" when int.TryParse(Value(reader), out int outline) && outline is >= 0 and < 9:
                _level = Math.Min(6, outline + 1);
                break;
            case "numPr":
                _isListItem = true;
                break;
            case "r":
                _isRunHidden = false;
                break;
            case "vanish":
                _isRunHidden = Value(reader) is not ("0" or "false" or "off");
                break;
            case "t":
                _isInText = true;
                break;
            case "tab":
                builder.SpaceDue();
                break;
            case "br" or "cr":
                Break();
                break;
            case "noBreakHyphen":
                Write("-");
                break;
            case "tbl":
                BeginTable();
                break;
            case "tr" when _tables == 1:
                builder.BreakLine();
                _cells = 0;
                break;
            case "tc" when _tables == 1:
                _cells++;
                if (_cells > 1)
                {
                    builder.AppendRaw(" | ");
                }

                break;
            default:
                break;
        }
    }

    private void End(string name)
    {
        switch (name)
        {
            case "t":
                _isInText = false;
                break;
            case "p" when _tables > 0:
                builder.SpaceDue();
                break;
            case "p":
                builder.Close();
                break;
            case "tbl":
                _tables--;
                if (_tables == 0)
                {
                    builder.Close();
                }

                break;
            default:
                break;
        }
    }

    private void BeginTable()
    {
        _tables++;
        if (_tables == 1)
        {
            builder.Open(BlockKind.Table);
        }
    }

    private void Break()
    {
        if (_tables > 0)
        {
            builder.SpaceDue();
        }
        else
        {
            builder.BreakLine();
        }
    }

    private void Write(string text)
    {
        if (_isRunHidden)
        {
            HiddenRuns += string.IsNullOrWhiteSpace(text) ? 0 : 1;
            return;
        }

        if (_tables == 0 && !_isParagraphStarted)
        {
            _isParagraphStarted = true;
            BlockKind kind = _level > 0 ? BlockKind.Heading : _isListItem ? BlockKind.ListItem : BlockKind.Paragraph;
            builder.Open(kind, _level, isTight: kind == BlockKind.ListItem && builder.LastKind == BlockKind.ListItem);
            builder.AppendRaw(kind == BlockKind.ListItem ? "- " : "");
        }

        builder.AppendCollapsed(text);
    }
}
