namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>Near which edge of its page a line stands.</summary>
internal enum LineEdge
{
    None,
    Top,
    Bottom,
}
