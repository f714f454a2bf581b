using System.Buffers;
using AngleSharp.Dom;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Html;

/// <summary>
/// Walks a tree and writes its text: blocks apart, lists with their marks, a term with its text under it, code with its lines, a
/// table row by row. Walks with its own stack and by index, because AngleSharp's NextSibling searches the parent's list.
/// </summary>
internal sealed class HtmlWalker(DraftBuilder builder, bool isInMain, CancellationToken cancellationToken)
{
    // A hidden pilcrow or blank is no hidden text.
    private static readonly SearchValues<char> Unseen = SearchValues.Create(" \t\r\n\u00a0¶");

    private readonly Stack<Step> _path = new();
    private readonly Stack<int> _lists = new();
    private int _hidden;
    private int _visited;
    private int _preformatted;
    private int _tables;
    private int _backgrounds;
    private int _boxes;
    private string _mark = "";
    private BlockKind _nextKind;
    private int _nextLevel;
    private bool _isNextTight;
    private bool _isRowStarted;

    /// <summary>Writes everything under an element; returns how many hidden elements with text were left out.</summary>
    public int Walk(IElement? root)
    {
        if (root is null)
        {
            return 0;
        }

        Enter(root, HtmlRole.Block);
        while (_path.TryPeek(out Step? step))
        {
            if (step.Next >= step.Children.Length)
            {
                Leave(step);
                continue;
            }

            INode node = step.Children[step.Next++];
            if ((++_visited & 0xfff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (node is IText text)
            {
                Write(text.Data);
            }
            else if (node is IElement element)
            {
                Visit(element);
            }
        }

        builder.Close();
        return _hidden;
    }

    private void Visit(IElement element)
    {
        HtmlRole role = HtmlRoles.Of(element, isInMain);
        if (role is HtmlRole.Skipped or HtmlRole.Furniture)
        {
            return;
        }

        if (HtmlVisibility.IsHidden(element, _backgrounds > 0 || HtmlVisibility.HasBackground(element)))
        {
            _hidden += element.TextContent.AsSpan().ContainsAnyExcept(Unseen) ? 1 : 0;
            return;
        }

        if (role == HtmlRole.Break)
        {
            Break();
        }
        else
        {
            Enter(element, role);
        }
    }

    private void Break()
    {
        if (_preformatted > 0)
        {
            builder.AppendRaw("\n");
        }
        else if (_tables > 0)
        {
            builder.SpaceDue();
        }
        else
        {
            builder.BreakLine();
        }
    }

    private void Enter(IElement element, HtmlRole role)
    {
        if (_tables > 0)
        {
            EnterInTable(role);
        }
        else
        {
            role = EnterOutside(element, role);
        }

        bool hasBackground = HtmlVisibility.HasBackground(element);
        bool isBox = role == HtmlRole.Block && HtmlRoles.IsBox(element);
        _backgrounds += hasBackground ? 1 : 0;
        _boxes += isBox ? 1 : 0;
        _path.Push(new Step(element.ChildNodes, role, hasBackground, isBox));
    }

    private HtmlRole EnterOutside(IElement element, HtmlRole role)
    {
        switch (role)
        {
            case HtmlRole.Inline:
                return role;
            case HtmlRole.Heading:
                bool isSection = _boxes == 0;
                Expect(isSection ? BlockKind.Heading : BlockKind.Paragraph, isSection ? element.LocalName[1] - '0' : 0);
                break;
            case HtmlRole.List:
                builder.Close();
                _lists.Push(element.LocalName == "ol" ? Start(element) : -1);
                break;
            case HtmlRole.Item:
                Expect(BlockKind.ListItem, isTight: builder.LastKind == BlockKind.ListItem, mark: NextMark());
                break;
            case HtmlRole.Term:
                // Two terms of one text stand together.
                Expect(BlockKind.Term, isTight: builder.LastKind == BlockKind.Term);
                break;
            case HtmlRole.Definition:
                Expect(BlockKind.Definition, isTight: builder.LastKind is BlockKind.Term or BlockKind.Definition);
                break;
            case HtmlRole.Preformatted:
                builder.Open(BlockKind.Code);
                _preformatted++;
                break;
            case HtmlRole.Table when HtmlTables.IsData(element):
                builder.Open(BlockKind.Table);
                _isRowStarted = false;
                _tables++;
                return HtmlRole.Table;
            default:
                if (_preformatted == 0 && !(builder.IsOpen && builder.IsEmpty))
                {
                    builder.Close();
                }

                return HtmlRole.Block;
        }

        return role;
    }

    private void EnterInTable(HtmlRole role)
    {
        if (role == HtmlRole.Row)
        {
            builder.BreakLine();
            _isRowStarted = false;
        }
        else if (role == HtmlRole.Cell)
        {
            if (_isRowStarted)
            {
                builder.AppendRaw(" | ");
            }

            _isRowStarted = true;
        }
        else if (role != HtmlRole.Inline)
        {
            builder.SpaceDue();
        }
    }

    private void Leave(Step step)
    {
        _path.Pop();
        _backgrounds -= step.HasBackground ? 1 : 0;
        _boxes -= step.IsBox ? 1 : 0;
        if (_tables > 0)
        {
            if (step.Role == HtmlRole.Table)
            {
                _tables--;
                builder.Close();
            }
            else if (step.Role is not (HtmlRole.Inline or HtmlRole.Cell or HtmlRole.Row))
            {
                builder.SpaceDue();
            }

            return;
        }

        switch (step.Role)
        {
            case HtmlRole.Inline:
                break;
            case HtmlRole.Preformatted:
                _preformatted--;
                builder.Close();
                break;
            case HtmlRole.List:
                _lists.TryPop(out _);
                End();
                break;
            default:
                End();
                break;
        }
    }

    private void End()
    {
        if (_preformatted == 0)
        {
            builder.Close();
            Expect(BlockKind.Paragraph);
        }
    }

    private void Write(string text)
    {
        if (_preformatted > 0)
        {
            builder.AppendRaw(text);
            return;
        }

        if (!builder.IsOpen)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            builder.Open(_nextKind, _nextLevel, _isNextTight);
            builder.AppendRaw(_mark);
            _mark = "";
            _isNextTight = false;

            // What follows an inner block of a list item is a paragraph of its own; a heading stays one to its end.
            if (_nextKind != BlockKind.Heading)
            {
                _nextKind = BlockKind.Paragraph;
            }
        }

        builder.AppendCollapsed(text);
    }

    private void Expect(BlockKind kind, int level = 0, bool isTight = false, string mark = "")
    {
        if (_preformatted > 0)
        {
            return;
        }

        builder.Close();
        (_nextKind, _nextLevel, _isNextTight, _mark) = (kind, level, isTight, mark);
    }

    private string NextMark()
    {
        if (!_lists.TryPop(out int number))
        {
            return "- ";
        }

        _lists.Push(number < 0 ? number : number + 1);
        return number < 0 ? "- " : $"{number}. ";
    }

    private static int Start(IElement list) => int.TryParse(list.GetAttribute("start"), out int start) && start >= 0 ? start : 1;

    private sealed class Step(INodeList children, HtmlRole role, bool hasBackground, bool isBox)
    {
        public INodeList Children => children;

        public HtmlRole Role => role;

        public bool HasBackground => hasBackground;

        public bool IsBox => isBox;

        public int Next { get; set; }
    }
}
