namespace Holdfast.Engine.Tokenizing;

/// <summary>The four classes that the cutting rules tell apart.</summary>
internal enum CharClass
{
    Other,
    Letter,
    Number,
    Space,
}
