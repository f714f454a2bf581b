namespace Holdfast.Retrieval.Storing;

/// <summary>Type of an attribute's value. The numbers stand in the file.</summary>
internal enum AttributeKind
{
    Text = 1,
    Number = 2,
    Boolean = 3,
}
