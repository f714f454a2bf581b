namespace Holdfast.Engine.Templates;

/// <summary>How a list of statements ended.</summary>
internal enum Flow
{
    Normal,
    Break,
    Continue,
}
