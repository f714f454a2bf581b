namespace Holdfast.Engine.Constraints;

/// <summary>The types of JSON Schema, where "number" is whole numbers and fractions.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Text = 4,
    Whole = 8,
    Fraction = 16,
    Number = Whole | Fraction,
    Array = 32,
    Object = 64,
    All = Null | Boolean | Text | Number | Array | Object,
}
